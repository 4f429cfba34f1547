"""Asks what a finding rests on: reads the same texts again with something left out, and says what is left of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from tqdm import tqdm

from analysis.evidence import VARIATION_COLUMNS, variations
from analysis.rules import all_rules
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

    The reading is varied by one word list alone (TextBlob's, VADER's), by not hearing negation, by not resolving
    pronouns, and by leaving out each family of rules; the weighing as in `analysis.evidence.variations`.

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
        >>> table.loc[table["name"] == "negation", "holds"].tolist()
        [True]
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


def _readings() -> list[tuple[str, str, dict[str, Any]]]:
    """What is left out of the reading: its kind, what to call it, and the arguments of a reader without it."""
    families = dict.fromkeys(rule.name.split(".")[0] for rule in all_rules())
    return [
        ("one word list", "TextBlob", {"words": "TextBlob"}),
        ("one word list", "VADER", {"words": "VADER"}),
        ("not heard", "negation", {"negation": False}),
        ("not heard", "coreference", {"coreference": False}),
        *(("rules left out", family, {"without": (family,)}) for family in families),
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
