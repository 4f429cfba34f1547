"""What is claimed of hand-judged sentences, on stored parses with the encoder's own weights.

The marks of `cases.csv` were made sentence by sentence before any program read it. A case that is not yet right has a
reason in its column `known_failure`, and is a strict xfail: whoever mends one must take the reason out.
"""

import csv
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from parses import parsed, stored

from analysis.claims import CLAIM_COLUMNS, Claim, claims_table, find_claims, find_lights, with_cues
from analysis.cleaning import Source
from analysis.encoder import Encoder, load_encoder
from analysis.lexicon import Lexicon, Target, load_lexicon
from analysis.mending import mend
from analysis.mentions import References
from analysis.parsing import Passage, Sentence, sentences
from analysis.voices import Paragraph

with (Path(__file__).parent / "cases.csv").open(encoding="utf-8") as file:
    CASES = list(csv.DictReader(file))

# What the rules of the first version had right of these sentences, which were written beside them.
RIGHT_IN_VERSION_ONE = 188
WRONG_HOLDERS = {
    "How could anyone dislike that puppy?": "what nobody holds is held by whoever asks",
    "The speech failed to convince the parents.": "the object of an infinitive is the holder",
    'My grandfather always called television "a thief of evenings".': "calling is no verb of belief in the list",
}


@cache
def lexicon() -> Lexicon:
    return load_lexicon()


@cache
def read_parsed(
    *texts: str, speaker: str = "reader", spans: tuple[tuple[str, int, int], ...] = ()
) -> tuple[Source, tuple[Sentence, ...], tuple[Claim, ...]]:
    """Stored sentences as one paragraph of one speaker, with their claims."""
    source = Source.from_text(" ".join(texts))
    paragraph = Paragraph(0, len(source.text), speaker, speaker, "body", "stored")
    found = sentences((Passage(source, paragraph, mend(parsed(*texts), lexicon())),))
    targets = (Target("it", "it", (), spans),) if spans else None
    references = References(found, targets, frozenset(), lexicon())
    [lit] = find_lights([(found, references.mentions())], load_encoder())
    return source, found, find_claims(lit, references, lexicon(), load_encoder().threshold)


def told(text: str) -> tuple[Claim, ...]:
    return read_parsed(*text.split(" || "))[2]


def is_named(claim: Claim, name: str) -> bool:
    """Whether a claim is about what a mark names by its head: "puppet show" is a show."""
    return claim.target == name or claim.target.endswith(f" {name}")


def judged(row: dict[str, str]) -> bool:
    """Whether the claims agree with the mark of this sentence and target."""
    claims = told(row["text"])
    if not row["target"]:
        return not claims
    about = [claim for claim in claims if is_named(claim, row["target"])]
    return bool(about) and sum(claim.polarity for claim in about) * int(row["sign"] or 1) > 0


def test_every_fact_has_three_sentences_at_least() -> None:
    assert min(Counter(row["fact"] for row in CASES).values()) >= 3
    assert len({row["fact"] for row in CASES}) >= 40


@pytest.mark.parametrize("row", CASES, ids=lambda row: f"{row['fact']}: {row['text']}")
def test_claims_what_is_marked(row: dict[str, str], request: pytest.FixtureRequest) -> None:
    if row["known_failure"]:
        request.applymarker(pytest.mark.xfail(reason=row["known_failure"], strict=True))
    assert judged(row), told(row["text"])


def test_no_fewer_are_right_than_by_the_rules_of_version_one() -> None:
    assert sum(not row["known_failure"] for row in CASES) >= RIGHT_IN_VERSION_ONE


HELD = [row for row in CASES if row["target"] and row["holder"] and not row["known_failure"]]


@pytest.mark.parametrize("row", HELD, ids=lambda row: row["text"])
def test_says_whose_attitude_it_is(row: dict[str, str], request: pytest.FixtureRequest) -> None:
    if reason := WRONG_HOLDERS.get(row["text"]):
        request.applymarker(pytest.mark.xfail(reason=reason, strict=True))
    holders = {claim.holder for claim in told(row["text"]) if is_named(claim, row["target"])}
    assert row["holder"] in holders


@pytest.mark.parametrize("column", ["kind", "time", "hedged"])
def test_kind_time_and_hedge_agree_with_the_marks_mostly(column: str) -> None:
    rows = [row for row in HELD if row[column]]
    right = 0
    for row in rows:
        own = [claim for claim in told(row["text"]) if is_named(claim, row["target"])]
        marked = row[column] == "1" if column == "hedged" else row[column]
        right += any((bool(claim.hedge) if column == "hedged" else getattr(claim, column)) == marked for claim in own)
    assert right / len(rows) >= 0.95, (right, len(rows))


def test_every_claim_is_its_sentence_and_slices_out_of_the_text() -> None:
    threshold = load_encoder().threshold
    for text in stored():
        source, found, claims = read_parsed(text)
        for claim in claims:
            sentence = found[claim.sentence]
            assert (claim.start, claim.end) == (sentence.start, sentence.end)
            assert claim.start <= claim.target_start < claim.target_end <= claim.end
            assert source.text[claim.start : claim.end] == sentence.text
            heard = claim.positive - claim.negative
            said = [heard, (heard + 1) / 2, (heard - 1) / 2]  # by the encoder alone, or with a word of attitude
            assert any(claim.polarity == pytest.approx(one, abs=1e-4) for one in said)
            assert claim.negative + claim.neutral + claim.positive == pytest.approx(1, abs=2e-4)
            assert max(claim.negative, claim.positive) >= threshold or claim.polarity != pytest.approx(heard, abs=1e-4)


PLACES = ("start", "end", "target_start", "target_end")


def test_what_stands_before_changes_no_claim() -> None:
    before = "The report mentions the bridge."
    shift = len(before) + 1
    personal = {"they", "it", "she", "he", "him", "her", "them", "that", "this", "these", "one", "some"}
    for text in stored():
        if personal & set(text.lower().replace(".", "").split()):
            continue  # what a pronoun stands for does depend on what stands before it
        _, _, alone = read_parsed(text)
        _, _, behind = read_parsed(before, text)
        moved = [replace(c, **{k: getattr(c, k) + shift for k in PLACES}, sentence=c.sentence + 1) for c in alone]
        light = [(c.start, c.target_start, c.polarity, c.holder, c.kind) for c in behind if c.sentence]
        assert light == [(c.start, c.target_start, c.polarity, c.holder, c.kind) for c in moved], text


def test_the_speaker_holds_what_nobody_else_does() -> None:
    for speaker in ("reader", "author"):
        _, _, claims = read_parsed("I hate rain.", speaker=speaker)
        assert {(c.holder, c.reporter) for c in claims if c.target == "rain"} == {(speaker, speaker)}


def test_whoever_is_negative_is_not_thereby_the_target() -> None:
    claims = told("My aunt is negative about the plan and the builder.")
    assert {(c.target, c.holder) for c in claims if c.target in {"plan", "builder"}} == {
        ("plan", "other"),
        ("builder", "other"),
    }


def test_a_marked_mention_is_a_target() -> None:
    _, _, claims = read_parsed("The soup is awful.", spans=(("document", 4, 8),))
    assert [(claim.target, claim.polarity < 0) for claim in claims] == [("it", True)]


def test_the_words_that_carry_are_in_the_sentence_and_not_the_mention() -> None:
    source, _, claims = read_parsed("The stew is delicious.")
    table = with_cues(claims_table({"document": source.text}, {"document": claims}), load_encoder())
    assert [column for column in table if column not in CLAIM_COLUMNS] == ["cue", "cue_start", "cue_end"]
    [row] = table.to_dict("records")
    assert row["cue"] == "delicious"
    assert source.text[row["cue_start"] : row["cue_end"]] == row["cue"]


def test_no_claims_make_the_same_columns() -> None:
    empty = claims_table({}, {})
    assert list(empty.columns) == CLAIM_COLUMNS
    assert {"cue", "cue_start", "cue_end"} <= set(with_cues(empty, load_encoder()).columns)


@pytest.fixture(scope="module")
def cued() -> pd.DataFrame:
    texts = [text for text in stored() if len(text) < 60][:40]
    tables = []
    for text in texts:
        source, _, claims = read_parsed(text)
        tables.append(claims_table({"document": source.text}, {"document": claims}))
    return with_cues(pd.concat(tables, ignore_index=True), load_encoder())


def test_every_claim_has_words_that_carry_it(cued: pd.DataFrame) -> None:
    for row in cued.to_dict("records"):
        assert row["text"][row["cue_start"] - row["start"] : row["cue_end"] - row["start"]] == row["cue"]
        assert row["cue"]
        apart = row["cue_end"] <= row["target_start"] or row["cue_start"] >= row["target_end"]
        whole = row["target_end"] - row["target_start"] >= len(row["text"].rstrip(".!?"))
        assert apart or whole, row


def test_the_encoder_is_a_frozen_thing() -> None:
    assert isinstance(load_encoder(), Encoder)
    assert load_encoder() is load_encoder()
