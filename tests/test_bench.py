"""The benchmark on public data: its files, its tables, and the command."""

import io
import json
import math
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from bench_texts import MAMS, NEWS, REVIEWS, write_files
from pandas.testing import assert_frame_equal
from rich.console import Console

import bench
import curve
import data as files
from analysis import Source, read
from analysis.parsing import load_model
from analysis.study import Reader
from data import Example
from peers import Lights, Method

ROOT = Path(__file__).resolve().parent.parent
NAN = math.nan


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with a made-up file of each kind that has to be there."""
    write_files(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def test_examples_of_both_forms(data: Path) -> None:
    news = files.read_examples(data / "newsmtsc-mt-dev.jsonl")
    assert [(e.sentence, e.sentence[e.start : e.end], e.gold) for e in news] == NEWS
    terms = files.read_examples(data / "mams-val.xml")
    assert [(e.sentence[e.start : e.end], e.gold) for e in terms] == [
        ("soup", -1),
        ("bread", 1),
        ("tea", 0),
        ("bus", 0),
    ]


def test_essays_are_sentences_with_or_without_a_claim(data: Path) -> None:
    essays = files.read_essays(data / "essays-dev.conll.gz")
    assert [[(essay.text[start:end], claims) for start, end, claims in essay.sentences] for essay in essays] == [
        [("Dogs Dogs can't harm.", True), ("Why, one asks?", False)],
        [("Cats win.", True), ("They nap", False)],
    ]


def test_a_wrong_file_is_named(data: Path) -> None:
    path = data / "mams-val.xml"
    path.write_text(MAMS.replace('to="14"', 'to="99"'), encoding="utf-8")
    with pytest.raises(files.BenchError, match=r"mams-val\.xml does not have the form"):
        files.read_examples(path)


def test_reviews_are_texts_with_or_without_changes(data: Path) -> None:
    reviews = files.read_reviews(data / "shift-dev.jsonl")
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
    with pytest.raises(files.BenchError, match=r"shift-dev\.jsonl does not have the form"):
        files.read_reviews(path)


def test_a_file_without_its_fields_is_named(data: Path) -> None:
    for line in ('{"sentence": "A fine tea.", "from": 7, "to": 10}', '{"sentence": ', "", '["a"]'):
        (data / "targets-made-up.jsonl").write_text(line + "\n", encoding="utf-8")
        with pytest.raises(files.BenchError, match=r"targets-made-up\.jsonl (does not have the form|has no marked)"):
            files.read_examples(data / "targets-made-up.jsonl")


def test_all_files_of_targets_are_found_and_others_may_be_absent(data: Path) -> None:
    known = ["newsmtsc-mt-dev.jsonl", "newsmtsc-rw-dev.jsonl", "mams-val.xml"]
    found, absent = files.targeted_files(data)
    assert [path.name for path in found] == known
    assert absent == ["ibm-claims-dev.jsonl", "mooc-dev.jsonl", "targets-*.jsonl"]
    for name in ("targets-b.jsonl", "targets-a.jsonl", "mooc-dev.jsonl"):
        (data / name).write_text((data / known[0]).read_text(encoding="utf-8"), encoding="utf-8")
    found, absent = files.targeted_files(data)
    assert [path.name for path in found] == [*known, "mooc-dev.jsonl", "targets-a.jsonl", "targets-b.jsonl"]
    assert absent == ["ibm-claims-dev.jsonl"]


def test_a_line_may_hold_what_ends_lines_elsewhere(tmp_path: Path) -> None:
    row = {"sentence": "The tea\u2028is fine.", "from": 4, "to": 7, "polarity": 1}
    (tmp_path / "targets-a.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n\n", encoding="utf-8")
    assert files.read_examples(tmp_path / "targets-a.jsonl") == [Example(row["sentence"], 4, 7, 1)]


def test_written_paragraphs_lose_their_tags(tmp_path: Path) -> None:
    text = "⟦t1|-⟧The\u00a0ferry⟦/⟧ left us.\n⟦t2|0⟧Ida⟦/⟧ waved; some call ⟦t2|+r⟧her⟦/⟧ a saint."
    (tmp_path / "attitudes-1.jsonl").write_text(json.dumps({"id": "w1-001", "text": text}) + "\n", encoding="utf-8")
    [written] = files.read_written(tmp_path / "attitudes-1.jsonl")
    assert (written.id, written.text) == ("w1-001", "The\u00a0ferry left us.\nIda waved; some call her a saint.")
    assert [(written.text[mark.start : mark.end], *mark[2:]) for mark in written.marks] == [
        ("The\u00a0ferry", "t1", -1, False),
        ("Ida", "t2", 0, False),
        ("her", "t2", 1, True),
    ]


@pytest.mark.parametrize("text", ["⟦t1|+⟧The ferry left.", "⟦t1⟧The ferry⟦/⟧ left.", "The ferry⟦/⟧ left."])
def test_a_tag_that_is_no_tag_is_named(text: str) -> None:
    with pytest.raises(files.BenchError, match="tag"):
        files.untagged(text)


def answered(path: Path, scores: dict[str, float], unknown: float = 0.0) -> curve.Answers:
    """The answers of a method with these scores by the words of the mention; ours are certain of a good light."""
    way = Method(
        "made up", 0.05, lambda example, _: scores[example.sentence[example.start : example.end]], unknown=unknown
    )
    return bench.answers(path, [way], lambda _: Lights(0.1, 0.1, 0.8, 0.7), load_model())


def test_measures_by_hand(data: Path) -> None:
    """Scores 0.5, 0.4, NaN, -0.04 against gold +, -, 0, -, where less than 0.05 is neutral."""
    scores = {"pilot": 0.5, "clerk": 0.4, "train": NAN, "bridge": -0.04}
    (row,) = bench.targeted(answered(data / "newsmtsc-mt-dev.jsonl", scores))
    assert row["n"] == 4
    assert row["accuracy"] == 2 / 4
    # Positive: 1 right of 2 found and 1 there: 2/3. Neutral: 1 right of 2 found and 1 there: 2/3. Negative: none.
    assert row["macro_f1"] == pytest.approx((2 / 3 + 2 / 3 + 0) / 3)
    assert (row["coverage"], row["sign_right"], row["signs"]) == (2 / 4, 1 / 2, 2)
    assert row["macro_f1_low"] <= row["macro_f1"] <= row["macro_f1_high"]


def test_who_says_that_they_do_not_know_is_wrong(data: Path) -> None:
    scores = {"pilot": 0.5, "clerk": 0.4, "train": NAN, "bridge": -0.04}
    (row,) = bench.targeted(answered(data / "newsmtsc-mt-dev.jsonl", scores, unknown=NAN))
    assert row["accuracy"] == 1 / 4
    # Neutral: none right of 1 found and 1 there.
    assert row["macro_f1"] == pytest.approx((2 / 3 + 0 + 0) / 3)


def test_a_set_without_neutral_has_two_classes(data: Path) -> None:
    path = data / "targets-two.jsonl"
    lines = (data / "newsmtsc-mt-dev.jsonl").read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(line for line in lines if '"polarity": 0' not in line), encoding="utf-8")
    (row,) = bench.targeted(answered(path, {"pilot": 0.5, "clerk": 0.0, "bridge": -0.4}))
    assert row["n"] == 3
    # Good: 1 of 1 and 1, 1. Bad: 1 of 1 found and 2 there, 2/3.
    assert row["macro_f1"] == pytest.approx((1 + 2 / 3) / 2)
    assert row["accuracy"] == 2 / 3


def test_the_claims_that_are_timed_are_the_claims_of_read(reader: Reader) -> None:
    text = " ".join(dict.fromkeys(sentence for sentence, _, _ in NEWS))
    timed = reader.claims(Source.from_text(text), targets=None)
    expected = read(Source.from_text(text)).claims
    columns = ["sentence", "start", "end", "holder", "target", "target_start", "polarity"]
    assert len(expected) > 0
    assert_frame_equal(
        pd.DataFrame([{name: getattr(claim, name) for name in columns} for claim in timed]),
        expected[columns],
        check_dtype=False,
    )


def test_changes_of_belief_are_measured_for_all_methods(data: Path, reader: Reader) -> None:
    found = list(bench.changing(data, reader))
    assert {row["data"]: row["n"] for row in found} == {
        "shift-dev.jsonl, reviews": 4,
        "shift-dev-2.jsonl, debate forum": 1,
        "shift-dev-2.jsonl, self-reports and notes": 1,
        "all of these": 6,
    }
    rows = {row["method"]: row for row in found if row["data"] == "shift-dev.jsonl, reviews"}
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
    words = [mention for _, mention, _ in NEWS]
    rows = [
        *bench.targeted(answered(data / "newsmtsc-mt-dev.jsonl", dict.fromkeys(words, NAN))),
        *(row for row in bench.changing(data, reader) if row["data"] == "shift-dev.jsonl, reviews"),
    ]
    assert {name for row in rows for name in row} <= {*bench.COLUMNS}
    results = pd.DataFrame(rows, columns=bench.COLUMNS)
    bench.stored(results).to_csv(tmp_path / "results.csv", index=False)
    again = pd.read_csv(tmp_path / "results.csv", dtype=str, keep_default_na=False)
    assert again["false_alarms"].tolist() == ["", "0", "1", "0"]
    assert again["signs"].tolist() == ["0", "", "", ""]
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
    [[], ["mams-val.xml"], [files.REVIEWS], [*files.FILES]],
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


def test_speed_is_that_of_the_same_rounds(data: Path, reader: Reader) -> None:
    essays = files.read_essays(data / files.ESSAYS)
    bare, ours = bench.speeds(data / files.ESSAYS, essays, reader, load_model())
    assert (bare["method"], ours["method"]) == ("bare parse", "ours, all claims")
    assert bare["n"] == ours["n"] == 11
    assert bare["on_top_low"] == bare["on_top_of_bare"] == bare["on_top_high"] == 0
    assert ours["on_top_low"] <= ours["on_top_of_bare"] <= ours["on_top_high"]
    assert ours["share_of_bare"] == pytest.approx(1 / (1 + ours["on_top_of_bare"]))


@pytest.fixture
def given() -> curve.Answers:
    """Four mentions that people judge, and one that they do not."""
    gold = np.array([1, 1, -1, -1, 0])
    return curve.Answers(
        data="targets-made-up.jsonl",
        gold=gold,
        groups=np.arange(5),
        found={
            "VADER, whole sentence": np.array([1.0, 0.0, 1.0, 0.0, 1.0]),
            "ours": np.array([1.0, NAN, -1.0, 1.0, 0.0]),
            "ours, argmax": gold.astype(np.float64),
            "ours, forced to choose": gold.astype(np.float64),
        },
        negative=np.array([0.1, 0.4, 0.8, 0.3, 0.0]),
        positive=np.array([0.9, 0.3, 0.1, 0.7, 1.0]),
    )


def test_coverage_by_hand(given: curve.Answers) -> None:
    rows = pd.DataFrame(curve.coverage_rows(given)).set_index(["method", "share"])
    # By certainty: 0.9 right, 0.8 right, 0.7 wrong, 0.4 wrong.
    assert rows.loc["ours, most certain", "n"].to_dict() == {0.2: 1, 0.4: 2, 0.5: 2, 0.6: 3, 0.8: 4, 1.0: 4}
    assert rows.loc["ours, most certain", "sign_right"].to_dict() == {
        0.2: 1, 0.4: 1, 0.5: 1, 0.6: 2 / 3, 0.8: 1 / 2, 1.0: 1 / 2,
    }  # fmt: skip
    points = rows.reset_index("share").drop(index="ours, most certain").set_index("share", append=True)
    assert points["sign_right"].to_dict() == {("VADER, whole sentence", 0.5): 1 / 2, ("ours", 0.75): 2 / 3}
    assert points["n"].tolist() == [2, 3]


def test_the_picture_is_drawn_and_told(given: curve.Answers, tmp_path: Path) -> None:
    pictures = tmp_path / "one.png", tmp_path / "again.png"
    for picture in pictures:
        curve.draw([given], picture)
    first, again = (picture.read_bytes() for picture in pictures)
    assert first.startswith(b"\x89PNG")
    assert first == again
    told = curve.describe(pd.DataFrame(curve.coverage_rows(given)))
    assert "targets-made-up: ours 100 in the most certain fifth, 100 in the half, 50 in all; VADER 50 of 50." in told
    assert "]" not in told, "it would end the alt text"
    readme = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    assert f"![{told}](coverage.png)" in curve.with_alt(readme, told)


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
    assert tuple(named.split()) == files.FILES


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
