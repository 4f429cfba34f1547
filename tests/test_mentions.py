"""What stands for what: candidates and links on stored parses and with the pinned model, and what must never change."""

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from parses import parsed

from analysis.candidates import candidates
from analysis.cleaning import Source
from analysis.lexicon import Description, Lexicon, Target, load_lexicon
from analysis.mentions import Entity, References
from analysis.parsing import Passage, Sentence, parse, sentences
from analysis.voices import Paragraph, find_voices


@cache
def lexicon() -> Lexicon:
    return load_lexicon()


def read(text: str, *targets: Target, name: str = "essay") -> tuple[Source, tuple[Sentence, ...], References]:
    source = Source.from_text(text, name=name)
    found = sentences(parse(source, find_voices(source)))
    return source, found, References(found, targets or None, frozenset(), lexicon())


def together(text: str, *targets: Target) -> list[set[str]]:
    """The words of the mentions that stand for one thing, for each thing with more than one mention."""
    source, found, references = read(text, *targets)
    things: dict[int, list[Entity]] = {}
    for sentence in found:
        for token in sentence.span:
            entity = references.entity(token)
            if entity is not None and entity.head.i == token.i:
                things.setdefault(entity.thing, []).append(entity)
    return [{source.text[e.start : e.end] for e in own} for own in things.values() if len(own) > 1]


def target(name: str, heads: str, restrictors: str = "") -> Target:
    return Target(name, name, (Description(frozenset(heads.split()), frozenset(restrictors.split())),))


def test_what_can_be_judged_in_a_stored_parse() -> None:
    doc = parsed("A young doctor took over the practice.", "She listens to everyone and never hurries.")
    found = [doc[c.first : c.last].text for c in candidates(doc)]
    assert found == ["A young doctor", "the practice", "She", "everyone"]


@pytest.mark.parametrize(
    ("text", "heads"),
    [
        ("The lamp that she bought is green.", ["The lamp", "she"]),
        ("One of the porters swore at us.", ["One of the porters", "the porters", "us"]),
        ("Fishing bores me.", ["Fishing", "me"]),
        ("Those who came late got nothing.", ["Those", "nothing"]),
        ("The Guild of Bakers met in room 12.", ["The Guild of Bakers", "Bakers", "room 12"]),
        ("It snowed.", []),
    ],
)
def test_phrases_end_with_their_names(text: str, heads: list[str]) -> None:
    _, found, _ = read(text)
    doc = found[0].passage.doc
    assert [doc[c.first : c.last].text for c in candidates(doc)] == heads


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The bakery shut in May. It had the best rolls.", {"The bakery", "It"}),
        ("My uncle keeps goats. He sings to them.", {"My uncle", "He"}),
        ("The ferry is late. Nobody minds the ferry.", {"The ferry", "the ferry"}),
    ],
)
def test_a_pronoun_or_a_name_again_stands_for_what_was_named(text: str, expected: set[str]) -> None:
    assert expected in together(text)


def test_a_man_is_no_it_and_a_woman_no_he() -> None:
    for things in together("My sister has a kettle. It whistles. She hums. Our uncle came. He laughed."):
        assert len(things & {"It", "She", "He"}) <= 1


def test_two_groups_with_one_noun_stay_apart() -> None:
    text = "I trust people who listen. I avoid people who shout."
    _, _, references = read(text)
    keys = [entity.key for entity in references.mentions()]
    assert {"people who listen", "people who shout"} <= set(keys)
    assert "people" not in keys


def test_a_table_tells_groups_by_what_restricts_them() -> None:
    loud, quiet = target("loud", "people", "shout"), target("quiet", "people", "whisper")
    source, _, references = read("People who shout tire me. People who whisper do not. Most people nap.", loud, quiet)
    found = [(source.text[e.start : e.end], e.key) for e in references.mentions()]
    assert found == [("People", "loud"), ("People", "quiet")]


def test_things_are_named_in_full() -> None:
    _, _, references = read("The waiting list is long. I joined the list in May. The list never moves.")
    named = {entity.form for entity in references.mentions() if entity.form}
    assert "waiting list" in named
    assert "list" not in named


def test_words_that_name_nothing_are_no_names() -> None:
    _, _, references = read("The thing leaks. That sort of time is the end of the list.")
    assert not {"thing", "time", "list", "end"} & {entity.key for entity in references.mentions()}


def test_a_sentence_without_noun_carries_its_target_over() -> None:
    source, found, references = read("The new timetable came in May. Utterly useless.")
    [entity] = references.carried_over()
    assert source.text[entity.start : entity.end] == "Utterly useless"
    assert (entity.how, entity.key) == ("carried over", "timetable")
    assert entity.link is not None
    assert source.text[slice(*entity.link)] == "The new timetable"
    assert found[1].start <= entity.start < entity.end <= found[1].end


def test_what_was_a_subject_paragraphs_ago_is_no_fault() -> None:
    text = " ".join(["The shop is open."] * 14) + "\n\nYesterday we saw the shop. It was good. It was cheap."
    for targets in ((), (target("shop", "shop"),)):
        _, _, references = read(text, *targets)
        assert [entity.key for entity in references.mentions()][-2:] == ["shop", "shop"]


_ANY = [
    "The baker sold us stale rolls.",
    "He is a crook.",
    "They never answer.",
    "It was a shame.",
    "I like Ann Moss.",
    "She hums.",
    "People who shout tire me.",
    "These people bore him.",
    "One of them left.",
    "My own dog, a pug, bit the vicar.",
    "Utterly useless.",
    "The idea of soup is fine.",
    "Our aunt's soup sold well.",
    "Nobody saw that coming.",
    "The two of us laughed.",
]
_SENTENCES = st.lists(st.sampled_from(_ANY), max_size=8)


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(st.lists(_SENTENCES, max_size=3))
def test_every_mention_slices_out_of_the_text(paragraphs: list[list[str]]) -> None:
    source, found, references = read("\n\n".join(" ".join(own or ["So."]) for own in paragraphs or [[]]))
    for entity in (*references.mentions(), *references.carried_over()):
        [sentence] = [s for s in found if s.start <= entity.start < s.end]
        assert entity.start < entity.end <= sentence.end
        assert entity.head.text in source.text[entity.start : entity.end]
        if entity.link is not None:
            assert source.text[slice(*entity.link)].strip()


@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
@given(_SENTENCES, _SENTENCES)
def test_another_speakers_paragraph_before_it_changes_nothing(before: list[str], own: list[str]) -> None:
    first, text = " ".join(before) or "So.", " ".join(own) or "So."

    def told(parts: list[tuple[str, str]]) -> list[tuple[object, ...]]:
        source = Source.from_text("\n\n".join(part for part, _ in parts))
        paragraphs, at = [], 0
        for part, speaker in parts:
            paragraphs.append(Paragraph(at, at + len(part), speaker, speaker, "body", "test"))
            at += len(part) + 2
        passages: tuple[Passage, ...] = parse(source, paragraphs)
        references = References(sentences(passages), None, frozenset(), lexicon())
        last = passages[-1]
        mine = [e for e in references.mentions() if e.head.doc is last.doc]
        base = last.paragraph.start
        return [(e.who, e.start - base, e.end - base, e.how, e.link and e.link[0] - base) for e in mine]

    assert told([(first, "author"), (text, "reader")]) == told([(text, "reader")])


def test_however_long_a_text_is_a_mention_is_compared_with_few_things(monkeypatch: pytest.MonkeyPatch) -> None:
    from analysis import linking

    compared: list[int] = []
    ask = linking.Weights.best

    def counted(self: linking.Weights, mention: object, options: list[object], linker: object) -> object:
        compared.append(len(options))
        return ask(self, mention, options, linker)  # type: ignore[arg-type]

    monkeypatch.setattr(linking.Weights, "best", counted)
    read("The baker sold us rolls and a pie. He cheats. They were stale, and the dog ate them. Ann saw it. " * 200)
    assert len(compared) > 1000
    assert max(compared) <= 35
