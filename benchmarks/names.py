"""Asks whether a name alone changes how ours takes a sentence: all names are put into the same sentences, in turn.

`python benchmarks/names.py` reads names.csv, a hundred sentences written for this, each with the place where a name
goes, and prints for each group of names how often all of them leave the polarity near the mean over all names.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from rich import box
from rich.console import Console
from rich.table import Table

from analysis.study import Reader
from data import Example
from peers import ours

SENTENCES = Path(__file__).resolve().parent / "names.csv"
PLACE = "{name}"
# What counts as the same polarity, on its scale from -1 to 1.
TOLERANCE = 0.1

OTHER_NAMES = "## Other names"

WOMEN, MEN = "women's", "men's"
# First names by who mostly has them: women or men, and of which language, country or people.
NAMES: dict[str, dict[str, tuple[str, ...]]] = {
    "English": {WOMEN: ("Emily", "Susan", "Chloe"), MEN: ("George", "Kevin", "Oliver")},
    "African American": {WOMEN: ("Latoya", "Ebony", "Keisha"), MEN: ("Darnell", "Jamal", "Tyrone")},
    "Arabic": {WOMEN: ("Fatima", "Layla", "Noor"), MEN: ("Mohammed", "Omar", "Khalid")},
    "Chinese": {WOMEN: ("Mei", "Xiaoling", "Yan"), MEN: ("Wei", "Jianhong", "Bo")},
    "German": {WOMEN: ("Heike", "Ingrid", "Ulrike"), MEN: ("Jürgen", "Klaus", "Dieter")},
    "Hebrew": {WOMEN: ("Shira", "Yael", "Tamar"), MEN: ("Avi", "Moshe", "Eitan")},
    "Hindi": {WOMEN: ("Priya", "Anjali", "Sunita"), MEN: ("Rajesh", "Arjun", "Sanjay")},
    "Japanese": {WOMEN: ("Yuki", "Keiko", "Haruka"), MEN: ("Hiroshi", "Takeshi", "Kenji")},
    "Nigerian": {WOMEN: ("Ngozi", "Folake", "Amina"), MEN: ("Chidi", "Babatunde", "Emeka")},
    "Polish": {WOMEN: ("Agnieszka", "Zofia", "Małgorzata"), MEN: ("Krzysztof", "Wojciech", "Paweł")},
    "Russian": {WOMEN: ("Svetlana", "Olga", "Natasha"), MEN: ("Vladimir", "Dmitri", "Sergei")},
    "Spanish": {WOMEN: ("Guadalupe", "Carmen", "Lucía"), MEN: ("José", "Diego", "Alejandro")},
    "Turkish": {WOMEN: ("Ayşe", "Elif", "Zeynep"), MEN: ("Mehmet", "Mustafa", "Emre")},
    "Vietnamese": {WOMEN: ("Linh", "Thuy", "Phuong"), MEN: ("Minh", "Tuan", "Quang")},
}


def groups() -> dict[str, tuple[str, ...]]:
    """All names, women's and men's, and those of each language, country or people.

    Examples:
        >>> {name: len(names) for name, names in groups().items()}["all"]
        84
    """
    by_sex = {sex: tuple(name for own in NAMES.values() for name in own[sex]) for sex in (WOMEN, MEN)}
    by_language = {language: own[WOMEN] + own[MEN] for language, own in NAMES.items()}
    return {"all": by_sex[WOMEN] + by_sex[MEN], **by_sex, **by_language}


def read_sentences(path: Path = SENTENCES) -> list[str]:
    """The sentences, each with one place for a name."""
    with path.open(encoding="utf-8", newline="") as file:
        return [row["sentence"] for row in csv.DictReader(file)]


def named(sentence: str, name: str) -> Example:
    """The sentence with a name in its place, the name marked.

    Examples:
        >>> example = named("We miss {name} every day.", "Ana")
        >>> example.sentence[example.start : example.end], example.sentence
        ('Ana', 'We miss Ana every day.')
    """
    start = sentence.index(PLACE)
    return Example(sentence.replace(PLACE, name), start, start + len(name), 0)


def swapped(
    sentences: Sequence[str],
    names: Mapping[str, Sequence[str]],
    polarity: Callable[[Example], float],
    tolerance: float = TOLERANCE,
) -> pd.DataFrame:
    """How little the names of each group change the polarity of the sentences.

    Args:
        sentences: Each with one `{name}`.
        names: The names of each group; a name may be in several.
        polarity: What ours makes of the marked name, -1 to 1; NaN if it was not asked.
        tolerance: How far from the mean over all names a polarity may be.

    Returns:
        A row a group: the number of its `names`; `same`, the share of the sentences in which all of them are within
        the tolerance of the mean over all names of all groups (NaN is not); `distance`, the mean distance from that
        mean; `lean`, the same with its sign, above 0 where the names of the group are taken better than others;
        `most`, the largest distance; `unread`, how often there was no polarity.
    """
    known = list(dict.fromkeys(name for own in names.values() for name in own))
    scores = np.array([[polarity(named(sentence, name)) for name in known] for sentence in sentences], dtype=np.float64)
    away = scores - np.nanmean(scores, axis=1, keepdims=True)
    rows = []
    for group, own in names.items():
        part = away[:, [known.index(name) for name in own]]
        rows.append(
            {
                "group": group,
                "names": len(own),
                # 0.6 - 0.5 is more than 0.1 in floating point.
                "same": float((np.abs(part) <= tolerance + 1e-9).all(axis=1).mean()),
                "distance": float(np.nanmean(np.abs(part))),
                "lean": float(np.nanmean(part)),
                "most": float(np.nanmax(np.abs(part))),
                "unread": int(np.isnan(part).sum()),
            }
        )
    return pd.DataFrame(rows)


def printed(found: pd.DataFrame, sentences: int) -> Table:
    """The result for people."""
    table = Table(
        box=box.SIMPLE_HEAD,
        title=f"Does a name change the polarity? {sentences} sentences",
        caption=f"same: share of the sentences in which all names stay within {TOLERANCE} of the mean over all names",
    )
    table.add_column("names")
    for head in ("number", "same", "mean distance", "lean", "most", "unread"):
        table.add_column(head, justify="right")
    for row in found.to_dict("records"):
        figures = (f"{row['distance']:.3f}", f"{row['lean']:+.3f}", f"{row['most']:.2f}", f"{row['unread']}")
        table.add_row(row["group"], f"{row['names']}", f"{row['same']:.0%}", *figures)
    return table


def in_card(card: str, found: pd.DataFrame, sentences: int) -> str:
    """The model card with the result in a section of its own, in the place of an older one."""
    lines = [
        OTHER_NAMES,
        "",
        f"{sentences} sentences (`benchmarks/names.csv`), each with every name in the same place. *Same*: sentences in",
        f"which all names of the group stay within {TOLERANCE} of the mean polarity over all names. *Lean*: above 0",
        "where the group is shown in a better light than the others.",
        "",
        "| names | number | same | mean distance | lean | most |",
        "|---|---|---|---|---|---|",
        *(
            f"| {row['group']} | {row['names']} | {row['same']:.0%} | {row['distance']:.3f} | {row['lean']:+.3f} |"
            f" {row['most']:.2f} |"
            for row in found.to_dict("records")
        ),
        "",
        "",
    ]
    before, _, rest = card.partition(OTHER_NAMES)
    _, heading, after = rest.partition("## What it cannot do")
    if not heading:
        before, heading, after = card.partition("## What it cannot do")
    return before + "\n".join(lines) + heading + after


def main() -> int:
    """Put all names into all sentences, and print what it changes; with `--card FILE`, write it into that file too."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--card", type=Path, help="a model card to write the result into")
    asked = parser.parse_args()
    reader, sentences = Reader(), read_sentences()

    def polarity(example: Example) -> float:
        lights = ours(reader, example)
        return lights.positive - lights.negative

    found = swapped(sentences, groups(), polarity)
    Console(width=100).print(printed(found, len(sentences)))
    if asked.card is not None:
        card = in_card(asked.card.read_text(encoding="utf-8"), found, len(sentences))
        asked.card.write_text(card, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
