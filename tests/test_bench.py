import gzip
import io
import json
import math
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from rich.console import Console
from spacy.tokens import Doc, Token
from spacy.vocab import Vocab

import bench
from analysis import Source, read
from analysis.parsing import load_model
from analysis.study import Reader
from bench import Change, Essay, Example, Method, Review

ROOT = Path(__file__).resolve().parent.parent

NEWS = [
    ("The mayor praised the brave pilot and blamed the lazy clerk.", "pilot", 1),
    ("The mayor praised the brave pilot and blamed the lazy clerk.", "clerk", -1),
    ("The train left at nine.", "train", 0),
    ("Ann hates the new bridge.", "bridge", -1),
]
MAMS = """<?xml version="1.0" encoding="utf-8"?>
<sentences>
  <sentence><text>The soup is awful.</text>
    <aspectTerms><aspectTerm from="4" polarity="negative" term="soup" to="8"/></aspectTerms></sentence>
  <sentence><text>The bread &amp; tea are lovely.</text>
    <aspectTerms><aspectTerm from="4" polarity="positive" term="bread" to="9"/>
      <aspectTerm from="12" polarity="neutral" term="tea" to="15"/></aspectTerms></sentence>
  <sentence><text>We came by bus.</text>
    <aspectTerms><aspectTerm from="11" polarity="neutral" term="bus" to="14"/></aspectTerms></sentence>
</sentences>
"""
ESSAYS = [
    [("Dogs", "O"), ("Dogs", "B-Claim:For"), ("can", "I-Claim:For"), ("'", "I-Claim:For"), ("t", "I-Claim:For"),
     ("harm", "I-Claim:For"), (".", "O"), ("Why", "O"), (",", "O"), ("one", "O"), ("asks", "O"), ("?", "O")],
    [("Cats", "B-MajorClaim"), ("win", "I-MajorClaim"), (".", "O"), ("They", "B-Premise:-1:Support"), ("nap", "O")],
]  # fmt: skip


# What is said to be the text before and after a change of belief, and the type; the first text is not in NFC.
REVIEWS = [
    ("The cafe\u0301 is new.\r\nI thought the tea would be dull. I was wrong: the tea is lovely.",
     [("I thought the tea would be dull", "the tea is lovely", "reversal")]),
    ("I expected soup. We got bread! It was, but for the crust, fine.", []),
    ("The train left at nine.", []),
    ("Once it had charm for me. It has none.", [("it had charm for me", "It has none", "reversal")]),
]  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with a made-up file of each kind."""
    lines = [
        json.dumps({"sentence": s, "mention": m, "from": s.index(m), "to": s.index(m) + len(m), "polarity": p})
        for s, m, p in NEWS
    ]
    for name in ("newsmtsc-mt-dev.jsonl", "newsmtsc-rw-dev.jsonl"):
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "mams-val.xml").write_text(MAMS, encoding="utf-8")
    blocks = [
        "\n".join(f"{number}\t{word}\t_\t_\t{label}" for number, (word, label) in enumerate(essay, 1))
        for essay in ESSAYS
    ]
    (tmp_path / "essays-dev.conll.gz").write_bytes(gzip.compress("\n\n".join(blocks).encode() + b"\n"))
    lines = [
        json.dumps({"text": text, "shift": bool(told), "shifts": [marked_change(text, *one) for one in told]})
        for text, told in REVIEWS
    ]
    (tmp_path / "shift-dev.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def marked_change(text: str, before: str, after: str, kind: str) -> dict[str, object]:
    told = change(text, before, after, kind)
    (first, last), (start, end) = told.before, told.after
    return {"before_start": first, "before_end": last, "after_start": start, "after_end": end, "type": kind}


def change(text: str, before: str, after: str, kind: str = "reversal") -> Change:
    one, other = ((text.index(words), text.index(words) + len(words)) for words in (before, after))
    return Change(one, other, kind)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def test_examples_of_both_forms(data: Path) -> None:
    news = bench.read_examples(data / "newsmtsc-mt-dev.jsonl")
    assert [(e.sentence, e.sentence[e.start : e.end], e.gold) for e in news] == NEWS
    terms = bench.read_examples(data / "mams-val.xml")
    assert [(e.sentence[e.start : e.end], e.gold) for e in terms] == [
        ("soup", -1),
        ("bread", 1),
        ("tea", 0),
        ("bus", 0),
    ]


def test_essays_are_sentences_with_or_without_a_claim(data: Path) -> None:
    essays = bench.read_essays(data / "essays-dev.conll.gz")
    assert [[(essay.text[start:end], claims) for start, end, claims in essay.sentences] for essay in essays] == [
        [("Dogs Dogs can't harm.", True), ("Why, one asks?", False)],
        [("Cats win.", True), ("They nap", False)],
    ]


def test_a_wrong_file_is_named(data: Path) -> None:
    path = data / "mams-val.xml"
    path.write_text(MAMS.replace('to="14"', 'to="99"'), encoding="utf-8")
    with pytest.raises(bench.BenchError, match=r"mams-val\.xml does not have the form"):
        bench.read_examples(path)


def test_measures_by_hand(data: Path) -> None:
    """Scores 0.5, 0.4, NaN, -0.04 against gold +, -, 0, -, where less than 0.05 is neutral."""
    scores = {"pilot": 0.5, "clerk": 0.4, "train": math.nan, "bridge": -0.04}
    way = Method("made up", 0.05, lambda example, _: scores[example.sentence[example.start : example.end]])
    (row,) = bench.targeted(data / "newsmtsc-mt-dev.jsonl", [way], load_model())
    assert row["n"] == 4
    assert row["accuracy"] == 2 / 4
    # Positive: 1 right of 2 found and 1 there: 2/3. Neutral: 1 right of 2 found and 1 there: 2/3. Negative: none.
    assert row["macro_f1"] == pytest.approx((2 / 3 + 2 / 3 + 0) / 3)
    assert row["coverage"] == 3 / 4
    assert row["sign_precision"] == 1 / 2
    assert row["sign_precision_strict"] == 1 / 2
    assert row["macro_f1_low"] <= row["macro_f1"] <= row["macro_f1_high"]


def test_signs_where_people_found_none_count_only_in_the_strict_measure() -> None:
    gold, scores = np.array([1, 0, 0]), np.array([0.3, -0.2, 0.0])
    signs = bench.sign_measures(gold, scores, bench.labels(scores, 0.0))
    assert signs == {"coverage": 1.0, "sign_precision": 1.0, "sign_precision_strict": 0.5}


def test_a_method_without_any_sign_has_no_precision() -> None:
    nothing = np.array([np.nan, np.nan])
    signs = bench.sign_measures(np.array([1, -1]), nothing, bench.labels(nothing, 0.0))
    assert signs["coverage"] == 0
    assert math.isnan(signs["sign_precision"])
    assert math.isnan(signs["sign_precision_strict"])


def test_intervals_are_the_same_each_time_and_draw_whole_sentences() -> None:
    gold = np.array([1, 1, -1, 0, -1, 0, 1, 0])
    found = np.array([1, 0, -1, 0, 1, 0, -1, 0])
    pairs = bench.confusions(gold, found, np.arange(8) // 2, bench.POLARITIES)
    assert pairs.shape == (4, 3, 3)
    assert bench.interval(pairs) == bench.interval(pairs)
    # One sentence, always drawn whole, leaves nothing to chance.
    whole = bench.confusions(gold, found, np.zeros(8, dtype=np.int64), bench.POLARITIES)
    assert bench.interval(whole) == (bench.macro_f1(whole)[0],) * 2


def test_the_plain_rule(words: Callable[[Token], float]) -> None:
    #      0    1     2  3    4    5  6
    doc = Doc(
        Vocab(),
        words="The soup is not good there .".split(),
        heads=[1, 2, 2, 2, 2, 2, 2],
        deps=["det", "nsubj", "ROOT", "neg", "acomp", "advmod", "punct"],
    )
    assert bench.tied_words(doc[0:2], words, 2) == -0.5
    assert math.isnan(bench.tied_words(doc[0:2], words, 1))
    assert math.isnan(bench.tied_words(doc[4:5], words, 2)), "a target's own words say what it is called"


@pytest.fixture
def words() -> Callable[[Token], float]:
    return lambda token: {"good": 0.5}.get(token.text, 0.0)


def test_the_clause_of_a_mention() -> None:
    doc = Doc(
        Vocab(),
        words="Ann said that tea helps .".split(),
        heads=[1, 1, 4, 4, 1, 1],
        deps=["nsubj", "ROOT", "mark", "nsubj", "ccomp", "punct"],
        pos=["PROPN", "VERB", "SCONJ", "NOUN", "VERB", "PUNCT"],
    )
    start = doc.text.index("tea")
    assert bench.clause(Example(doc.text, start, start + 3, 0), doc).text == "that tea helps"
    assert bench.clause(Example(doc.text, 0, 3, 0), doc).text == doc.text.strip()


def test_a_mention_is_found_again_in_the_cleaned_text() -> None:
    sentence = "The cafe\u0301 sells\r\nbad soup."
    source, target = bench.marked(Example(sentence, sentence.index("bad soup"), sentence.index("."), -1))
    ((name, start, end),) = target.spans
    assert (name, source.text[start:end]) == ("document", "bad soup")


@pytest.mark.parametrize(
    ("sentence", "marked"), [*((s, m) for s, m, _ in NEWS), ("The cafe\u0301 is awful, and Bo loves it.", "cafe\u0301")]
)
def test_ours_are_the_claims_of_read(sentence: str, marked: str, reader: Reader) -> None:
    start = sentence.index(marked)
    example = Example(sentence, start, start + len(marked), 0)
    source, target = bench.marked(example)
    expected, found = read(source, targets=[target]), bench.reading(reader, example)
    assert_frame_equal(found.claims, expected.claims)
    assert_frame_equal(found.stances, expected.stances)
    ours = bench.ours(reader, example)
    (polarity,) = expected.stances["polarity"]
    assert ours == polarity or (math.isnan(ours) and math.isnan(polarity))
    assert math.isnan(ours) == expected.claims.empty


def test_ours_has_something_to_say(reader: Reader) -> None:
    sentence = "The soup is awful."
    assert bench.ours(reader, Example(sentence, 4, 8, -1)) < 0


def test_the_claims_that_are_timed_are_the_claims_of_read(reader: Reader) -> None:
    text = " ".join(dict.fromkeys(sentence for sentence, _, _ in NEWS))
    timed = reader.claims(Source.from_text(text), targets=None)
    expected = read(Source.from_text(text)).claims
    columns = ["sentence", "start", "end", "holder", "target", "cue_start", "polarity", "rule"]
    assert len(expected) > 0
    assert_frame_equal(
        pd.DataFrame([{name: getattr(claim, name) for name in columns} for claim in timed]),
        expected[columns],
        check_dtype=False,
    )


def test_what_asserts_is_what_read_says(reader: Reader) -> None:
    texts = [sentence for sentence, _ in dict.fromkeys((s, None) for s, _, _ in NEWS)]
    starts = [len(" ".join([*texts[:number], ""])) for number in range(len(texts))]
    spans = tuple((start, start + len(text), False) for start, text in zip(starts, texts, strict=True))
    essay = Essay(" ".join(texts), spans)
    expected = read(Source.from_text(essay.text)).sentences
    assert expected["start"].tolist() == starts, "else this test has to be about other sentences"
    assert bench.ours_asserts(reader, essay) == expected["asserts"].tolist()


def test_reviews_are_texts_with_or_without_changes(data: Path) -> None:
    reviews = bench.read_reviews(data / "shift-dev.jsonl")
    assert [
        (r.text, [(r.text[slice(*c.before)], r.text[slice(*c.after)], c.type) for c in r.changes]) for r in reviews
    ] == REVIEWS


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('"shift": false', '"shift": true'),
        ('"type": "reversal"', '"type": "about-turn"'),
        ('"after_end": ', '"after_end": 9'),
        ('"before_end": ', '"before_end": -'),
    ],
    ids=["no change", "no such type", "beyond the text", "before the text"],
)
def test_wrongly_marked_changes_are_named(right: str, wrong: str, data: Path) -> None:
    path = data / "shift-dev.jsonl"
    written = path.read_text(encoding="utf-8")
    assert right in written
    path.write_text(written.replace(right, wrong), encoding="utf-8")
    with pytest.raises(bench.BenchError, match=r"shift-dev\.jsonl does not have the form"):
        bench.read_reviews(path)


def test_yes_measures_by_hand() -> None:
    """Of three texts with a change two are found, and of four without one there is one false alarm."""
    gold, found = np.array([1, 1, 1, 0, 0, 0, 0]), np.array([1, 1, 0, 1, 0, 0, 0])
    row = bench.yes_measures(gold, found)
    assert row["n"] == 7
    assert row["precision"] == row["recall"] == row["f1"] == pytest.approx(2 / 3)
    assert (row["false_alarms"], row["without_shift"]) == (1, 4)
    assert row["f1_low"] < row["f1"] < row["f1_high"]
    assert row == bench.yes_measures(gold, found)


def test_who_never_says_yes_has_no_precision() -> None:
    row = bench.yes_measures(np.array([1, 0]), np.array([0, 0]))
    assert math.isnan(row["precision"])
    assert row["recall"] == row["f1"] == row["f1_high"] == row["false_alarms"] == 0


def test_spans_share_tokens() -> None:
    text = "I thought it was dull."
    assert bench.span_f1(text, (0, 21), (0, 21)) == 1
    assert bench.span_f1(text, (0, 9), (10, 21)) == 0
    # Two tokens and five, two of them shared; a token counts if a span holds a part of it.
    assert bench.span_f1(text, (0, 4), (0, 21)) == pytest.approx(2 * 2 / 7)
    assert bench.span_f1(text, (9, 10), (9, 10)) == 0, "a blank is no token"


def test_change_measures_by_hand() -> None:
    text = "I thought tea dull. I find tea nice. I liked ham a lot. I loathe ham. I took rye for bad. It is ok."
    tea, ham, rye = (
        change(text, "I thought tea dull", "I find tea nice"),
        change(text, "I liked ham a lot", "I loathe ham", "replacement"),
        change(text, "I took rye for bad", "It is ok", "softening"),
    )
    found = [
        # Spans and type are right, although this one fits the other change a little as well.
        change(text, "thought tea dull", "I find tea nice. I"),
        # The type is right, but one of five tokens is too little of the first span, 2 / 6.
        change(text, "lot", "I loathe ham", "replacement"),
        # Both spans are right, and the type is wrong.
        change(text, "I took rye for bad", "It is ok", "reversal"),
        # The right type for it, but this one does not fit as well.
        change(text, "I took rye", "It is ok", "softening"),
    ]
    assert bench.change_measures([Review(text, (tea, ham, rye))], [found]) == {
        "shifts": 3,
        "spans": 2 / 3,
        "types": 2 / 3,
        "types_of_found": 1 / 2,
    }


def test_both_spans_have_to_be_those_of_one_change() -> None:
    text = "I thought tea dull. I find tea nice. I liked ham a lot. I loathe ham."
    gold = change(text, "I thought tea dull", "I find tea nice")
    halves = [change(text, "I thought tea dull", "I loathe ham"), change(text, "I liked ham a lot", "I find tea nice")]
    measured = bench.change_measures([Review(text, (gold,))], [halves])
    assert measured["spans"] == 0
    assert measured["types"] == 1, "the first of two that fit equally well has its type"
    assert math.isnan(measured["types_of_found"])


def test_what_shares_no_word_gives_no_type() -> None:
    text = "I thought tea dull. I find tea nice. I liked ham a lot. I loathe ham."
    gold = change(text, "I thought tea dull", "I find tea nice")
    elsewhere = change(text, "I liked ham a lot", "I loathe ham")
    assert bench.change_measures([Review(text, (gold,))], [[elsewhere]])["types"] == 0
    assert bench.change_measures([Review(text, (gold,))], [[]])["types"] == 0
    nothing = bench.change_measures([Review(text, ())], [[elsewhere]])
    assert nothing.pop("shifts") == 0
    assert all(math.isnan(share) for share in nothing.values())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("i had always thought it dull, but no.", True),
        ("I’d expected more... But no.", True),
        ("I assumed so. I asked. But no.", False),
        ("I thought it dull. It is a butter dish.", False),
        ("But I thought it dull.", False),
        ("She thought it dull, but no.", False),
    ],
)
def test_the_first_thing_to_look_for(text: str, found: bool) -> None:
    assert bool(bench.I_THOUGHT_BUT.search(text)) is found


@pytest.mark.parametrize(
    ("text", "found"), [("I realised it.", True), ("She used\nto.", True), ("I know the founder.", False)]
)
def test_words_of_change(text: str, found: bool) -> None:
    assert bool(bench.BROAD_CUES.search(text)) is found


def test_our_changes_are_those_of_read_and_stand_in_the_raw_text(reader: Reader) -> None:
    for text, _ in REVIEWS:
        source = Source.from_text(text)
        expected = read(None, source).shifts
        found = bench.ours_changes(reader, text)
        assert [one.type for one in found] == expected["type"].tolist()
        for side in ("before", "after"):
            words = [text[slice(*getattr(one, side))] for one in found]
            assert words == expected[f"{side}_text"].tolist()
    text, ((before, after, _),) = REVIEWS[0]
    assert Source.from_text(text).text != text, "else this test has to be about another text"
    assert bench.ours_changes(reader, text) == [change(text, before, after)]


def test_changes_of_belief_are_measured_for_all_methods(data: Path, reader: Reader) -> None:
    rows = {row["method"]: row for row in bench.changing(data / "shift-dev.jsonl", reader)}
    first, cues, ours = rows.values()
    assert list(rows)[-1] == "ours"
    assert {row["n"] for row in rows.values()} == {4}
    # Only the second text has "I expected", and its "but" comes a sentence too late.
    assert (math.isnan(first["precision"]), first["f1"], first["false_alarms"]) == (True, 0, 0)
    assert (cues["precision"], cues["recall"], cues["false_alarms"]) == (1 / 2, 1 / 2, 1)
    assert (ours["precision"], ours["recall"], ours["false_alarms"], ours["without_shift"]) == (1, 1 / 2, 0, 2)
    assert (ours["shifts"], ours["spans"], ours["types"], ours["types_of_found"]) == (2, 1 / 2, 1 / 2, 1)
    assert not {"spans", "types", "types_of_found"} & {*first, *cues}


def test_rows_of_all_tasks_share_one_table(data: Path, reader: Reader, tmp_path: Path) -> None:
    nothing = Method("made up", 0.0, lambda *_: math.nan)
    rows = [
        *bench.targeted(data / "newsmtsc-mt-dev.jsonl", [nothing], load_model()),
        *bench.changing(data / "shift-dev.jsonl", reader),
    ]
    assert {name for row in rows for name in row} <= {*bench.COLUMNS}
    results = pd.DataFrame(rows, columns=bench.COLUMNS)
    bench.stored(results).to_csv(tmp_path / "results.csv", index=False)
    again = pd.read_csv(tmp_path / "results.csv", dtype=str, keep_default_na=False)
    assert again["false_alarms"].tolist() == ["", "0", "1", "0"]
    assert again["shifts"].tolist() == ["", "", "", "2"]
    assert again["macro_f1"].ne("").tolist() == [True, False, False, False]
    console = Console(width=100, record=True, file=io.StringIO())
    console.print(bench.printed(results, {"commit": "0123456789abcdef"}))
    lines = console.export_text().splitlines()
    assert max(map(len, lines)) <= 100
    assert sum("made up" in line for line in lines) == 1
    (line,) = (line for line in lines if "ours" in line)
    assert line.split()[:5] == ["ours", "4", "100.0", "50.0", "66.7"]
    assert line.split()[-6:] == ["0", "of", "2", "50.0", "50.0", "100.0"]
    assert "commit 0123456789ab" in lines[-1]


@pytest.mark.parametrize(
    "gone",
    [[], ["mams-val.xml"], [bench.REVIEWS], [*bench.FILES]],
    ids=["the folder", "a file", "the reviews", "all files"],
)
def test_missing_data_are_named_in_one_line(gone: list[str], data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in gone:
        (data / name).unlink()
    assert bench.main([str(data)] if gone else []) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert "benchmarks/README.md" in err
    assert all(name in err for name in gone)


@pytest.mark.parametrize("gone", [None, "mams-val.xml"], ids=["the folder", "a file"])
def test_make_stops_in_one_line_too(gone: str | None, data: Path) -> None:
    if gone:
        (data / gone).unlink()
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MAKE", "MFLAGS", "PYTHON")) and name != "DATA"
    }
    command = ["make", "bench", f"PYTHON={sys.executable}", *([f"DATA={data}"] if gone else [])]
    made = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert made.returncode == 2
    assert made.stdout == ""
    assert len(made.stderr.splitlines()) == 1
    assert (gone or "benchmarks/README.md") in made.stderr


def test_make_and_the_script_want_the_same_files() -> None:
    (named,) = re.findall(r"^BENCH_FILES := (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert tuple(named.split()) == bench.FILES


def test_peers_are_locked_beside_the_versions_of_the_project() -> None:
    entry = re.compile(r"^([\w.-]+==\S+)((?: ; .+?)?) \\$", re.MULTILINE)
    own, bench_lock = (
        (ROOT / name).read_text(encoding="utf-8") for name in ("requirements.lock", "benchmarks/requirements.lock")
    )
    known = {found[1].split("==")[0]: set[str]() for found in entry.finditer(own)}
    for found in entry.finditer(own):
        known[found[1].split("==")[0]].add(found[1])
    others = {
        found[1] for found in entry.finditer(bench_lock) if found[1] not in known.get(found[1].split("==")[0], ())
    }
    assert {other.split("==")[0] for other in others if other.split("==")[0] in known} == set()
    assert {"asent==0.8.3", "vadersentiment==3.3.2"} <= {found[1] for found in entry.finditer(bench_lock)}
    assert len(re.findall(r"^\S", bench_lock, re.MULTILINE)) == len(entry.findall(bench_lock)) + 2
    assert not re.search(r"://|--(?:extra-)?index-url|--find-links|file:|@ ", bench_lock)
