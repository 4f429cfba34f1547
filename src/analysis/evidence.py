"""Adds up the author's claims in reading order, by target.

Each row of evidence is a claim that the author makes in their own voice; what the reader reports of the author is no
evidence for the reader.
"""

from __future__ import annotations

from collections import Counter

import pandas as pd

EVIDENCE_COLUMNS = "position sentence claim start end target polarity sign n share".split()


def evidence_table(claims: pd.DataFrame, length: int) -> pd.DataFrame:
    """The author's claims, one for each sentence, target and sign, in reading order.

    Args:
        claims: The claims table of the text that the author's words are in.
        length: Characters of that text, for `position` (0 to 1).

    Returns:
        A row for each piece of evidence: `n` is how often this target has been shown in this light so far, `share` how
        much of all that the author has said in this light so far is about this target (0 to 1).

    Examples:
        >>> evidence_table(pd.DataFrame(columns=["reporter", "holder"]), 10).empty
        True
    """
    if claims.empty:
        return pd.DataFrame(columns=EVIDENCE_COLUMNS)
    own = claims[(claims["reporter"] == "author") & (claims["holder"] == "author") & (claims["polarity"] != 0)]
    counts: Counter[tuple[str, int]] = Counter()
    seen: set[tuple[int, str, int]] = set()
    rows = []
    for number, claim in own.iterrows():
        sign = 1 if claim["polarity"] > 0 else -1
        unit = (claim["sentence"], claim["target"], sign)
        if unit in seen:
            continue  # a thing said twice in one sentence is said once
        seen.add(unit)
        counts[claim["target"], sign] += 1
        so_far = counts[claim["target"], sign]
        in_this_light = sum(count for (_, light), count in counts.items() if light == sign)
        rows.append(
            (
                claim["start"] / length,
                claim["sentence"],
                number,
                claim["start"],
                claim["end"],
                claim["target"],
                claim["polarity"],
                sign,
                so_far,
                so_far / in_this_light,
            )
        )
    return pd.DataFrame(rows, columns=EVIDENCE_COLUMNS)
