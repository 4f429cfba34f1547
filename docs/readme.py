"""Writes what the README says of the finding: no number stands there that the code did not compute.

`python docs/readme.py` reads the document, puts the words between the README's two marks, and takes the figure from
the stored notebook 04.
"""

from __future__ import annotations

import base64
from pathlib import Path

import nbformat

from analysis import Study, read
from analysis.agreement import agreement, read_marks, voice_accuracy
from analysis.finding import attitude, turn_in_words

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
FIGURE = ROOT / "docs" / "finding.png"
NOTEBOOK = ROOT / "notebooks" / "04-the-readers-move.ipynb"
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
    """The last figure of a notebook that has been run: the picture and its alt text."""
    outputs = [
        output
        for cell in nbformat.read(notebook, as_version=4).cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    last = outputs[-1]
    return base64.b64decode(last.data["image/png"]), last.metadata["image/png"]["alt"]


def finding() -> str:
    """The finding in two sentences, its figure, and how sure we are."""
    study = the_study()
    picture = f"![{figure(NOTEBOOK)[1]}]({FIGURE.relative_to(ROOT).as_posix()})"
    sure = (
        f"{how_sure(study)} [Notebook 5](notebooks/05-how-far-to-trust-it.ipynb) shows what becomes of this when the "
    )
    return "\n\n".join(
        [found(study), picture, f"**How sure we are.** {sure}words, the weights or the sentences change."]
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
    return (
        "**A reader of Jon Westenberg's essay “Networking sucks. Because people don't give a shit.” began by taking "
        f"him to be {before}, and ended by taking him to be {after}. The feeling keeps its sign and changes its object "
        f"({shift['type']}), and what was an {shift['before_kind']} becomes an {shift['after_kind']}.**"
    )


def how_sure(study: Study) -> str:
    """How far to trust it, with the figures."""
    gold = read_marks(ROOT / "data" / "gold" / "sentences.csv")
    right, marked = voice_accuracy(study, gold)
    rules, fixed = agreement(study, gold).to_dict("records")
    [shift] = study.shifts.to_dict("records")
    verdicts = study.verdicts.set_index("side")
    told = " and ".join(
        f"that he is {attitude(shift[f'{side}_kind'], shift[f'{side}_polarity'])} "
        f"{study.label(shift[f'{side}_target'])} is {verdicts.loc[side, 'verdict']} "
        f"({verdicts.loc[side, 'n_for']} sentences for it, {verdicts.loc[side, 'n_against']} against)"
        for side in ("before", "after")
    )
    [turn] = study.turns.to_dict("records")
    return " ".join(
        [
            "Of the move itself, quite: the reader states it, and the rules find it in the words",
            f"in which a person marked it. Who is speaking is right in {right} of {marked} sentences.",
            f"Of what else is said about whom, the rules find {rules['both']} of the {rules['marked']} places that a",
            f"person marked, with the right sign in {rules['right_sign']}; over all {rules['cells']} cells of sentence",
            f"and target, their agreement with that person is a kappa of {rules['kappa']:.2f}. Two people who marked",
            "the text apart from each other reached 0.80, and giving every mention its target's usual sign reaches",
            f"{fixed['kappa']:.2f}. Do the passages that the reader quotes, which are all that we have of the essay,",
            f"bear the reader out? In the author's {len(study.author_sentences)} sentences, {told}.",
            turn_in_words(study, turn),
        ]
    )


if __name__ == "__main__":
    main()
