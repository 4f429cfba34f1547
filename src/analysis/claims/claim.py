"""What a claim is, and the table of claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.sentiment import textblob_score

PROBABILITIES = ("negative", "neutral", "positive")

CLAIM_COLUMNS = (
    "source sentence start end text reporter holder target target_text target_start target_end"
    " kind polarity negative neutral positive textblob hedge time"
).split()


@dataclass(frozen=True)
class Claim:
    """Somebody shows a target in a good or a bad light.

    Offsets are characters of the source's cleaned text; `start:end` is the sentence, which is all that the encoder
    read. `holder` is whose attitude it is, `reporter` the voice that says so. `negative`, `neutral` and `positive` are
    probabilities; `polarity` is `positive` - `negative`, -1 to 1.
    """

    sentence: int
    start: int
    end: int
    reporter: str
    holder: str
    target: str
    target_start: int
    target_end: int
    kind: str
    polarity: float
    negative: float
    neutral: float
    positive: float
    hedge: str
    time: str


_OWN_COLUMNS = tuple(column for column in CLAIM_COLUMNS if column in Claim.__dataclass_fields__)


def claim_rows(text: str, source: str, claims: Iterable[Claim]) -> list[dict[str, Any]]:
    """A row for each claim, by column of `CLAIM_COLUMNS`; `textblob` is TextBlob's score of the whole sentence."""
    scores: dict[int, float] = {}
    rows = []
    for claim in claims:
        if claim.sentence not in scores:
            scores[claim.sentence] = textblob_score(text[claim.start : claim.end]).polarity
        rows.append(
            {
                **{column: getattr(claim, column) for column in _OWN_COLUMNS},
                "source": source,
                "text": text[claim.start : claim.end],
                "target_text": text[claim.target_start : claim.target_end],
                "textblob": scores[claim.sentence],
            }
        )
    return rows


def claims_table(texts: Mapping[str, str], claims: Mapping[str, Sequence[Claim]]) -> pd.DataFrame:
    """One row a claim, with the columns of `CLAIM_COLUMNS`; the same columns when there is none.

    Args:
        texts: The cleaned text of each source, by its name.
        claims: The claims of each source, likewise.
    """
    rows = [row for name, own in claims.items() for row in claim_rows(texts[name], name, own)]
    table = pd.DataFrame(rows, columns=CLAIM_COLUMNS)
    # An empty table knows no types, and would take them from a filled one that it is joined to.
    return table.astype(dict.fromkeys(["polarity", *PROBABILITIES, "textblob"], float))
