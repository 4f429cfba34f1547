"""What training and package have to have in common, and the figures of the model card on cases that are known."""

import importlib.util
import json
import re
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from analysis import Source
from analysis.claims.find import names_in
from analysis.encoder import Asked
from analysis.parsing import load_model, parse, sentences
from analysis.voices import find_voices

TRAINING = Path(__file__).parent.parent / "training"
WRITTEN = Path(__file__).parent.parent / "data" / "training"


def module(name: str) -> ModuleType:
    """A module of training, which has names that the benchmarks have too."""
    spec = importlib.util.spec_from_file_location(f"training_{name}", TRAINING / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = made
    spec.loader.exec_module(made)
    return made


data = module("data")


@pytest.fixture(scope="module")
def measures() -> ModuleType:
    # The benchmarks have a module of that name too.
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "data", data)
        return module("measures")


def test_every_mark_lies_in_its_text() -> None:
    files = sorted(WRITTEN.glob("attitudes-*.jsonl"))
    assert len(files) == 13
    for path in files:
        for text in data.read_written(path):
            assert "⟦" not in text.text, path
            for mention in text.mentions:
                assert text.text[mention.start : mention.end].strip(), (path, text)


def test_second_readings_have_a_sign_for_every_tag() -> None:
    for second in ("second-attitudes.jsonl", "second-pairs.jsonl"):
        tags = {}
        for path in WRITTEN.glob("attitudes-*.jsonl"):
            for line in path.read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                tags[row["id"]] = row["text"].count("⟦/⟧")
        for line in (WRITTEN / second).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            assert len(row["signs"]) == tags[row["id"]], row["id"]


def test_the_guide_counts_what_is_there() -> None:
    guide = (WRITTEN / "ATTITUDES.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| `(attitudes-\d+)\.jsonl` \|.*\| (\d+) \| ([\d,]+) \(([\d,]+), ([\d,]+), ([\d,]+)\) \|$",
        guide,
        re.MULTILINE,
    )
    assert len(rows) == 13
    for name, texts, *counts in rows:
        own = data.read_written(WRITTEN / f"{name}.jsonl")
        lights = Counter(mention.light for text in own for mention in text.mentions)
        told = [int(count.replace(",", "")) for count in counts]
        assert int(texts) == len(own), name
        assert told == [lights.total(), lights[data.POSITIVE], lights[data.NEGATIVE], lights[data.NEUTRAL]], name


def test_the_guide_says_how_far_the_second_reading_of_the_pairs_agrees() -> None:
    first, second = [], []
    marks = {}
    for number in (9, 10, 11):
        for line in (WRITTEN / f"attitudes-{number}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            marks[row["id"]] = re.findall(r"⟦\w+\|([-+0])", row["text"])
    for line in (WRITTEN / "second-pairs.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        first += marks[row["id"]]
        second += [sign[0] for sign in row["signs"]]
    same = np.mean([one == other for one, other in zip(first, second, strict=True)])
    one, other = Counter(first), Counter(second)
    chance = sum(one[sign] * other[sign] for sign in "+-0") / len(first) ** 2
    guide = (WRITTEN / "ATTITUDES.md").read_text(encoding="utf-8")
    assert f"({len(first)} mentions, in the order of the tags), made without seeing the first | | agreement " in guide
    assert f"agreement {same:.1%}".replace("%", " %") in guide
    assert f"kappa {(same - chance) / (1 - chance):.2f}; of {88} that both call good or bad, all" in guide
    both = [(a, b) for a, b in zip(first, second, strict=True) if "0" not in (a, b)]
    assert len(both) == 88
    assert all(a == b for a, b in both)


def test_a_paragraph_is_cut_into_the_sentences_that_hold_a_mention() -> None:
    text, mentions = data.untagged("It rained. ⟦t1|-⟧The boss⟦/⟧ left. Mr. Hay saw ⟦t1|0⟧him⟦/⟧.")
    parts = list(data.sentences(data.Text(text, tuple(mentions), "w", "1")))
    assert [part.text for part in parts] == ["The boss left.", "Mr. Hay saw him."]
    assert [part.text[m.start : m.end] for part in parts for m in part.mentions] == ["The boss", "him"]


@pytest.mark.parametrize(
    "text",
    ["Yesterday Ann Lee told Omar about the bridge in Hull.", "Nobody likes rain.", "The Best Soups Of The Year"],
)
def test_names_are_hidden_in_training_as_in_the_package(text: str) -> None:
    source = Source.from_text(text)
    [sentence] = sentences(parse(source, find_voices(source)))
    hidden, place = Asked(sentence.text, (), names=names_in(sentence)).hidden()
    [trained] = data.without_names([data.Text(text, (data.Mention(0, 4, 0),), "", "")], load_model())
    assert trained.text == hidden
    assert trained.mentions[0].start == place(0)


def test_what_is_not_claimed_counts_as_wrong(measures: ModuleType) -> None:
    p = np.array([[0.9, 0.05, 0.05], [0.45, 0.1, 0.45], [0.1, 0.8, 0.1], [0.0, 0.1, 0.9]])
    marks = np.array([0, 0, 1, 2])
    assert measures.calibrated(p, marks, 0.5) == pytest.approx((2 / 3 + 1 + 1) / 3, abs=1e-4)
    assert measures.claimed(p, marks, 0.5) == (1.0, round(2 / 3, 4))
    assert measures.sign_right(p, marks, 1.0) == 1.0


def test_a_temperature_does_not_change_which_light_is_likeliest(measures: ModuleType) -> None:
    scores = np.random.default_rng(0).normal(size=(50, 3)) * 4
    marks = scores.argmax(axis=1)
    marks[:10] = (marks[:10] + 1) % 3
    temperature = measures.fit_temperature(scores, marks)
    assert temperature > 1  # too sure as it is: a fifth of it is wrong
    assert (measures.probabilities(scores, temperature).argmax(axis=1) == scores.argmax(axis=1)).all()


def test_perfect_certainty_that_is_right_has_no_calibration_error(measures: ModuleType) -> None:
    marks = np.array([0, 1, 2, 2])
    assert measures.expected_error(np.eye(3)[marks], marks) == 0
    assert measures.expected_error(np.eye(3)[(marks + 1) % 3], marks) == 1


def test_the_datasheet_of_changes_counts_right() -> None:
    sheet = (WRITTEN / "SHIFTS.md").read_text(encoding="utf-8")
    files = sorted(WRITTEN.glob("shifts-*.jsonl"))
    assert len(files) == 13
    for path in files:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        [line] = [line for line in sheet.splitlines() if line.startswith(f"| `{path.name}`")]
        told = [int(re.match(r"\d+", cell.strip())[0]) for cell in line.split("|")[3:5]]  # type: ignore[index]
        assert told == [len(rows), sum(row["shift"] for row in rows)], path.name


def test_every_marked_change_has_both_sides_and_a_type() -> None:
    tag = re.compile(r"⟦(/?)([AB])(\d?)⟧")
    for path in WRITTEN.glob("shifts-*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            opened = [match[2] + match[3] for match in tag.finditer(row["text"]) if not match[1]]
            closed = [match[2] + match[3] for match in tag.finditer(row["text"]) if match[1]]
            assert sorted(opened) == sorted(closed), row["id"]
            assert {name[1:] for name in opened if name[0] == "B"} == {name[1:] for name in opened if name[0] == "A"}
            assert bool(opened) == row["shift"] == (row["type"] is not None), row["id"]
