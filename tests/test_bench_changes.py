"""The scorer of anybody's answers on stated changes of belief."""

import importlib.util
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
spec = importlib.util.spec_from_file_location("bench_changes", ROOT / "benchmarks" / "changes.py")
assert spec is not None
assert spec.loader is not None
changes = importlib.util.module_from_spec(spec)
spec.loader.exec_module(changes)

MARKED = [
    {"id": "a", "text": "⟦B⟧I feared rain⟦/B⟧, but ⟦A⟧I love rain⟦/A⟧.", "shift": True, "type": "reversal"},
    {"id": "b", "text": "It rained.", "shift": False, "type": None},
]
RIGHT = {"before_start": 0, "before_end": 13, "after_start": 19, "after_end": 30, "type": "reversal"}


@pytest.fixture
def marked(tmp_path: Path) -> Path:
    path = tmp_path / "marked.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in MARKED), encoding="utf-8")
    return path


def answers(path: Path, **found: list[dict[str, object]]) -> Path:
    lines = [json.dumps({"id": name, "shifts": shifts}) for name, shifts in found.items()]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_right_answers_get_full_marks(marked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = answers(tmp_path / "found.jsonl", a=[RIGHT], b=[])
    assert changes.main([str(marked), str(found)]) == 0
    told = dict(line.split() for line in capsys.readouterr().out.splitlines())
    assert (told["f1"], told["spans"], told["types"], told["false_alarms"]) == ("1.000", "1.000", "1.000", "0.000")


def test_a_false_alarm_is_counted(marked: Path, tmp_path: Path) -> None:
    found = changes.read_found(answers(tmp_path / "found.jsonl", a=[], b=[RIGHT]))
    scores = changes.scored(changes.read_marked(marked), found)
    assert (scores["false_alarms"], scores["f1"], scores["spans"]) == (1, 0, 0)


@pytest.mark.parametrize(("lines", "told"), [('{"id": "a", "shifts": []}', "1 texts have no answer"), ("[", "line 1")])
def test_what_is_missing_is_said_in_one_line(
    lines: str, told: str, marked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = tmp_path / "found.jsonl"
    found.write_text(lines, encoding="utf-8")
    assert changes.main([str(marked), str(found)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err


def test_the_rates_beside_the_texts_are_those_of_the_texts() -> None:
    stored = (ROOT / "data" / "training" / "changes.csv").read_text(encoding="utf-8")
    made = changes.rates(ROOT / "data" / "training").to_csv(index=False, float_format="%.2f", lineterminator="\n")
    assert made == stored
