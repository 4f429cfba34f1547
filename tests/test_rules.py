"""The rules on stored parses: what they find, and what they must leave alone.

`cases.csv` was judged by hand, sentence by sentence, by somebody who did not see what the rules make of them.
"""

import csv
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from parses import parsed, stored

from analysis.claims import Claim, find_claims
from analysis.cleaning import Source
from analysis.lexicon import Lexicon, Target, load_lexicon
from analysis.mending import mend
from analysis.mentions import References
from analysis.parsing import Passage, Sentence, sentences
from analysis.rules import Rule, all_rules
from analysis.voices import Paragraph

with (Path(__file__).parent / "cases.csv").open(encoding="utf-8") as file:
    CASES = list(csv.DictReader(file))

with (Path(__file__).parent / "rules.csv").open(encoding="utf-8") as file:
    EACH = list(csv.DictReader(file))

# What the rules get wrong, and why. Strict: whoever mends one must take it off this list.
KNOWN_FAILURES = {
    ("The flat is cheap but gloomy.", "flat"): "both words count, where a reader would let the second one stand",
    (
        "The neglected orchard belongs to the parish.",
        "orchard",
    ): "the parse takes the participle for a verb without object",
    ("I can't say that I don't like the soup.", "soup"): "two negations across a verb of saying, which passes none on",
    ("I would have enjoyed the opera if the tenor had been sober.", "tenor"): "an 'if' with 'had' denies what it says",
    ("I wish the walls were thicker.", "wall"): "a wish denies what it says",
    ("I am looking forward to the wedding.", "wedding"): "a verb of three words",
    ("You should visit the aquarium.", "aquarium"): "advice is praise only by inference",
    ("The caretaker reads other people's letters.", "caretaker"): "no word of it is bad by itself",
    ("My neighbour brings me soup when I am ill.", "neighbour"): "no word of it is good by itself",
    ('"The cake is dry," said the judge.', "cake"): "dry is bad of cakes and not of cellars",
    ("A young doctor took over the practice. || She listens to everyone and never hurries.", "doctor"): (
        "listening and not hurrying are good only by inference"
    ),
    (
        "There are people who pay on time, and there are people who never pay. || The latter are a plague.",
        "people who never pay",
    ): "'the latter' is no pronoun that we follow",
}
WRONG_HOLDERS = {
    "How could anyone dislike that puppy?": "what nobody holds is held by whoever asks",
    "The guests, annoyed by the noise, left early.": "the participle's noun is the holder",
    "The speech failed to convince the parents.": "the object of an infinitive is the holder",
    'My grandfather always called television "a thief of evenings".': "calling is no verb of belief in the list",
}


@cache
def lexicon() -> Lexicon:
    return load_lexicon()


@cache
def read_parsed(
    *texts: str, speaker: str = "reader", without: str = "", spans: tuple[tuple[str, int, int], ...] = ()
) -> tuple[tuple[Sentence, ...], tuple[Claim, ...]]:
    """The sentences and claims of stored sentences, as one paragraph of one speaker."""
    source = Source.from_text(" ".join(texts))
    paragraph = Paragraph(0, len(source.text), speaker, speaker, "body", "stored")
    found = sentences((Passage(source, paragraph, mend(parsed(*texts), lexicon())),))
    targets = (Target("it", "it", (), spans),) if spans else None
    rules = [rule for rule in all_rules() if rule.name != without]
    return found, find_claims(found, References(found, targets, frozenset(), lexicon()), lexicon(), rules)


def told(text: str) -> tuple[Claim, ...]:
    return read_parsed(*text.split(" || "))[1]


def judged(row: dict[str, str]) -> bool:
    """Whether the claims agree with what a person judged of this sentence and target."""
    claims = told(row["text"])
    if not row["target"]:
        return not claims
    about = [claim for claim in claims if claim.target == row["target"]]
    return bool(about) and sum(claim.polarity for claim in about) * int(row["sign"] or 1) > 0


def test_every_fact_has_three_sentences_at_least() -> None:
    assert min(Counter(row["fact"] for row in CASES).values()) >= 3
    assert len({row["fact"] for row in CASES}) >= 40


@pytest.mark.parametrize("row", CASES, ids=lambda row: f"{row['fact']}: {row['text']}")
def test_says_what_a_person_says(row: dict[str, str], request: pytest.FixtureRequest) -> None:
    if reason := KNOWN_FAILURES.get((row["text"], row["target"])):
        request.applymarker(pytest.mark.xfail(reason=reason, strict=True))
    assert judged(row), told(row["text"])


HELD = [row for row in CASES if row["target"] and row["holder"] and (row["text"], row["target"]) not in KNOWN_FAILURES]


@pytest.mark.parametrize("row", HELD, ids=lambda row: row["text"])
def test_says_whose_attitude_it_is(row: dict[str, str], request: pytest.FixtureRequest) -> None:
    if reason := WRONG_HOLDERS.get(row["text"]):
        request.applymarker(pytest.mark.xfail(reason=reason, strict=True))
    holders = {claim.holder for claim in told(row["text"]) if claim.target == row["target"]}
    assert row["holder"] in holders


def test_what_is_hedged_agrees_with_a_person_mostly() -> None:
    rows = [row for row in HELD if row["hedged"]]
    right = sum(
        any(bool(claim.hedge) == (row["hedged"] == "1") for claim in told(row["text"]) if claim.target == row["target"])
        for row in rows
    )
    assert right / len(rows) >= 0.95, (right, len(rows))


def test_kind_and_time_agree_with_a_person_mostly() -> None:
    for column, floor in (("kind", 0.95), ("time", 0.95)):
        rows = [row for row in HELD if row[column]]
        right = sum(
            any(getattr(claim, column) == row[column] for claim in told(row["text"]) if claim.target == row["target"])
            for row in rows
        )
        assert right / len(rows) >= floor, (column, right, len(rows))


def test_every_claim_slices_out_of_the_text_and_names_its_rule() -> None:
    names = {rule.name for rule in all_rules()}
    for text in stored():
        found, claims = read_parsed(text)
        for claim in claims:
            sentence = found[claim.sentence]
            assert sentence.start <= claim.start <= claim.cue_start < claim.cue_end <= claim.end <= sentence.end
            assert claim.start <= claim.target_start < claim.target_end <= claim.end
            assert claim.rule in names
            assert -1 <= claim.polarity <= 1


def test_what_stands_before_changes_no_claim() -> None:
    before = "The report mentions the bridge."
    shift = len(before) + 1
    personal = {"they", "it", "she", "he", "him", "her", "them", "that", "this", "these"}
    for text in stored():
        if personal & set(text.lower().replace(".", "").split()):
            continue  # what a pronoun stands for does depend on what stands before it
        _, alone = read_parsed(text)
        _, behind = read_parsed(before, text)
        moved = [replace(c, **{k: getattr(c, k) + shift for k in PLACES}, sentence=c.sentence + 1) for c in alone]
        assert list(behind) == moved, text


PLACES = ("start", "end", "target_start", "target_end", "cue_start", "cue_end")


def test_the_speaker_holds_what_nobody_else_does() -> None:
    for speaker in ("reader", "author"):
        _, claims = read_parsed("I hate rain.", speaker=speaker)
        assert [(claim.holder, claim.reporter) for claim in claims] == [(speaker, speaker)]


def test_whoever_is_negative_is_not_thereby_bad() -> None:
    claims = told("My aunt is negative about the plan and the builder.")
    assert {(claim.target, claim.holder) for claim in claims} == {("plan", "other"), ("builder", "other")}


def test_a_marked_mention_is_a_target() -> None:
    text = "The soup is awful."
    _, claims = read_parsed(text, spans=(("document", 4, 8),))
    assert [(claim.target, claim.polarity) for claim in claims] == [("it", -1.0)]


# These tell only of what is looked for, and are tested in test_study.py.
LOOKED_FOR = {"clause.partaker", "deed.predicate", "modifier.noun_named"}


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)
def test_every_rule_earns_its_place(rule: Rule) -> None:
    # Each has a sentence of which it tells what a reader would say, and which loses that claim without it.
    if rule.name in LOOKED_FOR:
        assert not [row for row in EACH if row["rule"] == rule.name]
        return
    [row] = [row for row in EACH if row["rule"] == rule.name]
    claims = [claim for claim in told(row["text"]) if claim.rule == rule.name and claim.target == row["target"]]
    assert claims
    assert all(claim.polarity * int(row["sign"]) > 0 for claim in claims)
    assert claims[0] not in read_parsed(row["text"], without=rule.name)[1]
