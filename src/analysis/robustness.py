"""Asks what a finding rests on: reads the same texts again with something left out, and says what is left of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from tqdm import tqdm

from analysis.encoder import Asked
from analysis.evidence import VARIATION_COLUMNS, variations
from analysis.sentiment import textblob_score
from analysis.study import Reader, Study, Text

ROBUSTNESS_COLUMNS = (*VARIATION_COLUMNS[:2], "move", *VARIATION_COLUMNS[2:])


def robustness(
    essay: Text | None,
    response: Text | None = None,
    *,
    targets: str | Path | None = None,
    voices: str | Path | None = None,
    progress: bool = False,
) -> pd.DataFrame:
    """The finding on the first shift under every variation of the reading and of the weighing.

    The reading is varied by claiming more or less readily, by not resolving pronouns, and by giving every mention
    TextBlob's score of its sentence instead of the encoder's; the weighing as in `analysis.evidence.variations`.

    Args:
        essay: As for `analysis.read`.
        response: Likewise.
        targets: Likewise.
        voices: Likewise.
        progress: Whether to show a bar while the texts are read again and again; it is gone when all is done.

    Returns:
        A row for each variation, the first as stated, with the columns of `ROBUSTNESS_COLUMNS`: `move` is what the
        reader is found to hold before and after, empty where no shift is found; `holds` if move, both verdicts, and
        which belief has more evidence at the end are those of the first row. No row where no shift is stated.

    Examples:
        >>> from analysis import Source
        >>> table = robustness(
        ...     Source.from_text("The soup is awful. The salt is bad. I hate the salt. The salt is nasty."),
        ...     Source.from_text("I thought the author hated soup. Then I realised that she only hates salt."),
        ... )
        >>> table["holds"].tolist()[0]
        True
    """
    read: dict[str, Any] = {"targets": targets, "voices": voices}
    stated = Reader().read(essay, response, **read)
    if stated.shifts.empty:
        return pd.DataFrame(columns=ROBUSTNESS_COLUMNS)
    told_in = next(iter(stated.sources))
    own = stated.claims[stated.claims["source"] == told_in]
    weighed = variations(stated.shifts.iloc[0].to_dict(), own, len(stated.sources[told_in].text))
    rows = weighed.assign(move=_move(stated)).to_dict("records")
    readings = tqdm(_readings(), desc="Reading again", leave=False, disable=not progress)
    for kind, name, leaving_out in readings:
        found = _row(Reader(**leaving_out).read(essay, response, **read))
        same = all(found[column] == rows[0][column] for column in ("move", "before_verdict", "after_verdict"))
        lead = np.sign(np.nan_to_num(found["lead"])) == np.sign(np.nan_to_num(rows[0]["lead"]))
        rows.append({"kind": kind, "name": name, **found, "holds": bool(same and lead)})
    return pd.DataFrame(rows, columns=ROBUSTNESS_COLUMNS)


class WordList:
    """TextBlob's score of a sentence as the light of every mention in it: what a word list alone would hear."""

    threshold = 0.5

    def lights(self, asked: Sequence[Asked]) -> list[npt.NDArray[np.float64]]:
        """Certainty of a good or bad light by the score's sign, of a neutral one where the list knows nothing."""
        columns = [int(np.sign(np.nan_to_num(textblob_score(one.text).polarity))) + 1 for one in asked]
        return [np.tile(np.eye(3)[column], (len(one.spans), 1)) for one, column in zip(asked, columns, strict=True)]


def _readings() -> list[tuple[str, str, dict[str, Any]]]:
    """What is changed in the reading: its kind, what to call it, and the arguments of a reader with it."""
    stated = Reader().threshold
    return [
        *(("threshold", f"{stated + by:.2f}", {"threshold": stated + by}) for by in (-0.1, 0.1)),
        ("left out, when reading", "pronouns", {"coreference": False}),
        ("instead of the encoder", "TextBlob", {"judge": WordList()}),
    ]


def _row(study: Study) -> dict[str, Any]:
    if study.shifts.empty:
        return {
            "move": "",
            "turn_sentence": np.nan,
            "turn_position": np.nan,
            "lead": np.nan,
            "before_verdict": "",
            "after_verdict": "",
        }
    turn, verdicts = study.turns.iloc[0], study.verdicts[study.verdicts["shift"] == 0].set_index("side")["verdict"]
    told = {column: turn[column] for column in ("turn_sentence", "turn_position", "lead")}
    return {"move": _move(study), **told, "before_verdict": verdicts["before"], "after_verdict": verdicts["after"]}


def _move(study: Study) -> str:
    """The targets and signs of the first shift, and its type."""
    shift = study.shifts.iloc[0]
    sides = [
        f"{'-' if shift[f'{side}_polarity'] < 0 else '+'}{shift[f'{side}_target']}"
        if shift[f"{side}_target"]
        else "nothing found"
        for side in ("before", "after")
    ]
    return f"{' to '.join(sides)} ({shift['type']})"
