import gzip
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
from spacy.tokens import Doc, Token
from spacy.vocab import Vocab

import bench
from analysis import Source, read
from analysis.parsing import load_model
from analysis.study import Reader
from bench import Essay, Example, Method

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
    return tmp_path


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


@pytest.mark.parametrize("gone", [[], ["mams-val.xml"], list(bench.FILES)], ids=["the folder", "a file", "all files"])
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
