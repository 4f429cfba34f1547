"""How a change of belief is put together: clauses, what the network is asked, and the three answers it can lead to."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import Source, read
from analysis.encoder import CHANGE_TYPES, Candidates, Marked, Pair, load_change_encoder
from analysis.finding import answer, finding
from analysis.parsing import parse, sentences
from analysis.report import summary, title
from analysis.shifts import Told, clauses
from analysis.shifts.find import CUES
from analysis.study import Reader
from analysis.voices import find_voices

AGAINST, FOR = (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)


def sure(kind: str) -> tuple[float, ...]:
    return tuple(float(kind == known) for known in CHANGE_TYPES)


@dataclass
class Stub:
    """In the place of the network: takes the two given passages for a change, with a given probability."""

    before: str
    after: str
    probability: float
    kind: str = "reversal"
    signs: tuple[tuple[float, ...], tuple[float, ...]] = (AGAINST, FOR)
    threshold: float = 0.6
    possible: float = 0.3
    another: float = 2.0
    asked: list[Candidates] = field(default_factory=list)
    ranking: dict[str, dict[str, float]] = field(
        default_factory=lambda: {side: dict.fromkeys(names, 0.0) for side, names in CUES.items()}
    )

    def marks(self, asked: Sequence[Candidates]) -> list[Marked]:
        self.asked += asked
        found = []
        for one in asked:
            told = [one.text[start:end] for start, end in one.spans]
            about = tuple(float(one.text[start:end].lower() in {"soup", "salt"}) for start, end in one.mentions)
            if self.before not in told or self.after not in told:
                found.append(Marked(0.0, (), told.index(self.before) if self.before in told else None, 0.9, about))
                continue
            pair = Pair(told.index(self.before), told.index(self.after), 1.0, sure(self.kind), *self.signs, 0.0)
            found.append(Marked(self.probability, (pair,), None, 0.0, about))
        return found


# No rule knows these words for a belief, so that only the stub speaks.
TEXT = "Soup was dull to me. My aunt made it twice, and I could live on soup."
BEFORE, AFTER = "Soup was dull to me", "I could live on soup"


def told(text: str, stub: Stub):
    return Reader(marker=stub).read(None, Source.from_text(text))


def test_a_clause_is_cut_at_marks_joints_and_subjects() -> None:
    source = Source.from_text("I thought she hated dogs, but she only minds the owners who shout.", name="response")
    [sentence] = sentences(parse(source, find_voices(source)))
    found = {source.text[clause.start : clause.end] for clause in clauses(sentence)}
    assert {"I thought she hated dogs", "she hated dogs", "she only minds the owners who shout"} <= found
    assert not any(text.startswith("but ") or text.endswith(",") for text in found)


def test_a_belief_may_be_a_noun_of_ones_own() -> None:
    source = Source.from_text("My fear of the noise was gone.", name="response")
    [sentence] = sentences(parse(source, find_voices(source)))
    assert "My fear of the noise" in {source.text[clause.start : clause.end] for clause in clauses(sentence)}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from("I thought, but (he . ” was “ dull; — who and my soup\n\n when it not".split()), max_size=40
    )
)
def test_clauses_are_words_of_the_text(words: list[str]) -> None:
    source = Source.from_text(" ".join(["So", *words]), name="response")
    found = sentences(parse(source, find_voices(source)))
    own = Told.of(found)
    for clause, (start, end) in zip(own.clauses, own.places, strict=True):
        assert source.text[clause.start : clause.end] == own.text[start:end]
        assert own.text[start:end].strip() == own.text[start:end] != ""


def test_the_network_reads_the_readers_own_words_only() -> None:
    stub = Stub(BEFORE, AFTER, 0.9)
    told("Soup was dull to me.\n\n“Soup is a joy, and I was a fool.”\n\nI could live on soup.", stub)
    [asked] = stub.asked
    assert asked.text == "Soup was dull to me.\n\nI could live on soup."


def test_what_is_probable_is_stated() -> None:
    study = told(TEXT, Stub(BEFORE, AFTER, 0.9))
    [shift] = study.shifts.to_dict("records")
    assert (shift["before_text"], shift["after_text"]) == (BEFORE, AFTER)
    assert (shift["before_target"], shift["after_target"], shift["type"]) == ("soup", "soup", "reversal")
    assert shift["before_polarity"] < 0 < shift["after_polarity"]
    assert shift["probability"] == 0.9
    assert study.possible.empty
    assert study.answers["answer"].tolist() == ["stated"]


def test_what_is_less_probable_is_possible_and_no_shift() -> None:
    study = told(TEXT, Stub(BEFORE, AFTER, 0.4))
    assert study.shifts.empty
    [shift] = study.possible.to_dict("records")
    assert (shift["before_text"], shift["after_text"]) == (BEFORE, AFTER)
    assert study.answers["answer"].tolist() == ["possible"]
    found = finding(study)
    assert title(found) == "Possibly a change of belief"
    assert found["answer"]["possible"]["after"]["text"] == AFTER
    assert "please check" in summary(study)
    assert BEFORE in summary(study)


def test_no_change_is_announced_without_a_target_and_a_sign() -> None:
    text = "To me it was so. In the end it is otherwise."
    quiet = (0.0, 1.0, 0.0)
    study = told(text, Stub("To me it was so", "it is otherwise", 0.99, signs=(quiet, quiet)))
    assert study.shifts.empty
    assert study.answers["answer"].tolist() == ["possible"]


def test_what_is_improbable_is_none_and_the_reader_is_heard() -> None:
    study = told("Soup was dull to me. Soup is a disgrace.", Stub(BEFORE, AFTER, 0.9))
    assert study.answers["answer"].tolist() == ["none"]
    told_ = answer(study)
    assert told_["in_words"] == "The reader states no change of belief."
    assert told_["told_before"]["text"] == BEFORE
    assert "Soup is a disgrace." in [row["text"] for row in told_["says"]]
    assert "They tell a belief of before" in summary(study)


def test_the_same_target_is_never_said_of_two_words() -> None:
    text = "Soup was dull to me. I could live on salt."
    study = told(text, Stub(BEFORE, "I could live on salt", 0.9))
    [shift] = finding(study)["shifts"]
    assert "the same target" not in shift["change"]


# The stored weights ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("At first I thought the soup would be awful. It turned out to be delicious.", True),
        ("I used to hate running. Now I love it.", True),
        ("I thought the soup was delicious. We had it twice, and the waiter was kind.", False),
        ("My aunt used to hate running. She sold her shoes to my cousin.", False),
    ],
)
def test_plain_changes_are_found(text: str, stated: bool) -> None:
    assert read(None, Source.from_text(text)).answers["answer"].tolist() == ["stated" if stated else "none"]


def test_a_text_longer_than_the_window_is_read_to_its_end() -> None:
    filler = "The bus left at nine and the road was long. " * 60
    alone = "At first I thought the soup would be awful. It turned out to be delicious."
    study = read(None, Source.from_text(filler + alone))
    [shift] = study.shifts.to_dict("records")
    assert shift["before_start"] >= len(filler)


def test_probabilities_do_not_hang_on_the_other_texts_of_a_batch() -> None:
    encoder = load_change_encoder(1)
    texts = ["I feared rain. I love rain now.", "The bus left. It came back.", "I hoped for salt. " * 30]
    asked = []
    for text in texts:
        source = Source.from_text(text, name="response")
        asked.append(Told.of(sentences(parse(source, find_voices(source)))).candidates(encoder.ranking))
    together = encoder.marks(asked)
    for one, marked in zip(asked, together, strict=True):
        [alone] = encoder.marks([one])
        assert math.isclose(alone.probability, marked.probability, abs_tol=2e-4)
        assert [(p.before, p.after) for p in alone.pairs[:3]] == [(p.before, p.after) for p in marked.pairs[:3]]
