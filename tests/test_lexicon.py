from pathlib import Path

import pytest

from analysis.errors import InputError
from analysis.lexicon import load_lexicon, load_targets
from analysis.tables import read_csv

WORDS = Path(__file__).parent.parent / "src" / "analysis" / "words"
TARGETS = Path(__file__).parent.parent / "data" / "targets.csv"


def test_every_row_of_ours_says_why() -> None:
    for path in set(WORDS.glob("*.csv")) - {WORDS / "linking.csv"}:  # fitted, and says so at its head
        for number, row in read_csv(path, ("lemma", "why")):
            assert row["lemma"] == row["lemma"].lower(), (path.name, number)
            assert len(row["why"].split()) > 2, (path.name, number)


def test_the_words_that_the_study_turns_on() -> None:
    attitudes = load_lexicon().attitudes
    assert attitudes["pessimistic", "ADJ"].kind == "expectation"
    assert attitudes["negative", "ADJ"].kind == "evaluation"
    assert attitudes["pessimistic", "ADJ"].frame == "attitude"
    assert attitudes["hate", "VERB"].frame == "subject-experiencer"


def test_targets_hold_no_polarity_and_no_phrase_of_the_text() -> None:
    rows = read_csv(TARGETS, ("target", "label", "heads", "restrictors", "note"))
    assert set(rows[0][1]) == {"target", "label", "heads", "restrictors", "note"}
    names = {target.name for target in load_targets(TARGETS)}
    assert names == {"networking", "transactional_people", "caring_people", "reader_self", "westenberg"}
    text = (TARGETS.parent / "raw" / "networking-sucks.txt").read_text(encoding="utf-8").lower()
    for _, row in rows:
        for cell in (row["heads"], row["restrictors"], row["note"], row["label"]):
            parts = cell.lower().split()
            for three in zip(parts, parts[1:], parts[2:], strict=False):
                phrase = " ".join(three)
                assert phrase not in text, phrase


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("target,label,heads\nsoup,soup,soup\n", "no column restrictors, note. Found: target, label, heads"),
        ("target,label,heads,restrictors,note\nsoup,soup,,,\n", "row 2: no heads"),
        ("target,label,heads,restrictors,note\ncold soup,soup,soup,,\n", "row 2: target 'cold soup' must be one word"),
        ("target,label,heads,restrictors,note\nsoup,a,soup,,\nsoup,b,broth,,\n", "row 3: soup has the label 'a'"),
        ("target,label,heads,restrictors,note\nsoup,a,soup,,\nsoup,a,soup,,\n", "row 3: this row stands twice"),
        ("target,label,heads,restrictors,note,note\nsoup,a,soup,,,\n", "a column stands twice"),
    ],
)
def test_says_what_is_wrong_with_targets(rows: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "targets.csv"
    path.write_text(rows)
    with pytest.raises(InputError, match=says):
        load_targets(path)


def test_a_table_in_another_encoding_is_an_error_and_no_traceback(tmp_path: Path) -> None:
    path = tmp_path / "targets.csv"
    path.write_bytes("target,label,heads,restrictors,note\ncafé,café,café,,\n".encode("cp1252"))
    with pytest.raises(InputError, match="not UTF-8"):
        load_targets(path)
