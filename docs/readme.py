"""Writes what the README says of the finding: no number stands there that the code did not compute.

`python docs/readme.py` reads the document, puts the words between the README's two comments, and takes the figure from
the stored notebook 04.
"""

from __future__ import annotations

import base64
from pathlib import Path

import nbformat
import pandas as pd

from analysis import Study, read
from analysis.agreement import (
    agreement,
    between_markings,
    numbered_as,
    on_shared_cells,
    read_marks,
    voice_accuracy,
)
from analysis.finding import attitude, turn_in_words
from analysis.tug import differences, result, tug_table

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
FIGURE = ROOT / "docs" / "finding.png"
NOTEBOOK = ROOT / "notebooks" / "04-the-readers-move.ipynb"
MARKS = ROOT / "data" / "gold"
# More rows than this of a table stand in the notebook only.
_MOST_ROWS = 5
BEGIN, END = "<!-- computed by docs/readme.py: begin -->", "<!-- computed by docs/readme.py: end -->"


def main() -> None:
    """Bring the README and its figure up to date."""
    picture, _ = figure(NOTEBOOK)
    FIGURE.write_bytes(picture)
    README.write_text(with_finding(README.read_text(encoding="utf-8")), encoding="utf-8")


def with_finding(text: str) -> str:
    """The README with the finding as it comes out now."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{finding()}\n\n{END}{after}"


def figure(notebook: Path) -> tuple[bytes, str]:
    """The first figure of a notebook that has been run: the picture and its alt text."""
    outputs = [
        output
        for cell in nbformat.read(notebook, as_version=4).cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    first = outputs[0]
    return base64.b64decode(first.data["image/png"]), first.metadata["image/png"]["alt"]


def finding() -> str:
    """The finding in two sentences, its figure with what the program misses, and how sure we are."""
    study = the_study()
    picture = f"![{figure(NOTEBOOK)[1]}]({FIGURE.relative_to(ROOT).as_posix()})"
    sure = (
        f"{how_sure(study)} [Notebook 5](notebooks/05-how-far-to-trust-it.ipynb) shows what becomes of this when the "
    )
    return "\n\n".join(
        [
            found(study),
            picture,
            missed(study),
            f"**How sure we are.** {sure}threshold, the weights or the sentences change.",
        ]
    )


def the_study() -> Study:
    """The study of the project's own text."""
    return read(ROOT / "data" / "raw" / "networking-sucks.txt", targets=ROOT / "data" / "targets.csv")


def found(study: Study) -> str:
    """The finding in two sentences."""
    [shift] = study.shifts.to_dict("records")
    before, after = (
        f"{attitude(shift[f'{side}_kind'], shift[f'{side}_polarity'])} {study.label(shift[f'{side}_target'])}"
        for side in ("before", "after")
    )
    light = "negative" if shift["after_polarity"] < 0 else "positive"
    change = {
        "retargeting": f"To them he still sounds {light}, but about something else.",
        "reversal": f"To them he now sounds {light}.",
    }.get(shift["type"], "")
    return (
        "**A reader of Jon Westenberg's essay “Networking sucks. Because people don't give a shit.” began by taking "
        f"him to be {before}, and ended by taking him to be {after}. {change}".rstrip()
        + "**"
    )


def tug(study: Study) -> pd.DataFrame:
    """The author's sentences as the reference marks and the program count them."""
    [shift] = study.shifts.to_dict("records")
    marks = numbered_as(study, read_marks(MARKS / "sentences.csv"))
    labels = {target.name: target.label for target in study.targets}
    return tug_table(study.evidence, shift, study.author_sentences, marks, labels=labels)


def missed(study: Study) -> str:
    """The sentences that the program counts differently from the reference marks, as a table in Markdown."""
    rows = differences(tug(study))
    if rows.empty:
        return "The program counts every sentence of the author's as the reference marks do."
    page = "[notebook 4](notebooks/04-the-readers-move.ipynb)"
    lines = [
        f"Where the two lines part, in {len(rows)} of the author's {len(study.author_sentences)} sentences"
        + (f" ({_MOST_ROWS} of them here, the rest in {page}):" if len(rows) > _MOST_ROWS else ":"),
        "",
        f"| {' | '.join(rows.columns)} |",
        "|---" * len(rows.columns) + "|",
    ]
    lines += [
        f"| {' | '.join(str(value).replace('|', chr(92) + '|') for value in row)} |"
        for row in rows.head(_MOST_ROWS).itertuples(index=False)
    ]
    return "\n".join(lines)


_BORNE_OUT = {
    "borne out": "is borne out",
    "not borne out": "is not borne out",
    "not enough evidence": "is left open, for want of evidence",
}


def how_sure(study: Study) -> str:
    """How far to trust it, with the figures."""
    first, second = (read_marks(MARKS / f"{name}.csv") for name in ("sentences", "second-sentences"))
    right, marked = voice_accuracy(study, first)
    program, fixed = agreement(study, first).to_dict("records")
    between, shared = between_markings(first, second), on_shared_cells(study, first, second)
    [shift] = study.shifts.to_dict("records")
    [marked_shift] = pd.read_csv(MARKS / "shifts.csv").to_dict("records")
    ends = [f"{side}_{end}" for side in ("before", "after") for end in ("start", "end")]
    exact = all(shift[end] == marked_shift[end] for end in ends)
    verdicts = study.verdicts.set_index("side")
    told = " and ".join(
        f"that he is {attitude(shift[f'{side}_kind'], shift[f'{side}_polarity'])} "
        f"{study.label(shift[f'{side}_target'])} {_BORNE_OUT[verdicts.loc[side, 'verdict']]} "
        f"({verdicts.loc[side, 'n_for']} sentences say so, {verdicts.loc[side, 'n_against']} the opposite)"
        for side in ("before", "after")
    )
    [turn] = study.turns.to_dict("records")
    return " ".join(
        [
            "We are confident that the reader changed their mind: they say so, and the program finds it",
            "in the very words that the reference marks give." if exact else "though not in quite the words marked.",
            "*Reference marks* are the work of two language models that read the text by a written guide, apart from",
            "each other and before the program did; no human has marked it.",
            f"By these marks, who is speaking is right in {right} of {marked} sentences.",
            f"Of the {program['marked']} places where a sentence shows somebody or something in a good or bad light,",
            f"the program finds {program['both']}, and {program['right_sign']} with the right sign: a kappa of",
            f"{program['kappa']:.2f} over {program['cells']} cells of sentence and target, where 1 is full agreement",
            "and 0 is chance. A simple guess, each mention with its target's usual sign, gets",
            f"{fixed['kappa']:.2f}; the two models agree with each other to {between.kappa:.2f}.",
            f"Of the {shared.shared} places that both mark alike, the program finds {shared.claimed},",
            f"{shared.right_sign} with the right sign.",
            "Do the passages that the reader quotes, which are all that we have of the essay,",
            f"bear the reader out? In the author's {len(study.author_sentences)} sentences, {told}.",
            f"{result(tug(study))}. {turn_in_words(study, turn)}",
        ]
    )


if __name__ == "__main__":
    main()
