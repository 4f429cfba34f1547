"""Made-up files in the form of the public ones that `make bench` reads."""

import gzip
import json
from pathlib import Path

from data import Change

NEWS = [
    ("The mayor praised the brave pilot and blamed the lazy clerk.", "pilot", 1),
    ("The mayor praised the brave pilot and blamed the lazy clerk.", "clerk", -1),
    ("The train left at nine.", "train", 0),
    ("Ann hates the new bridge.", "bridge", -1),
]
MAMS = """<?xml version="1.0" encoding="utf-8"?>
<sentences>
  <sentence><text>The soup is awful.</text>
    <aspectTerms><aspectTerm from="4" polarity="negative" term="soup" to="8"/></aspectTerms></sentence>
  <sentence><text>The bread &amp; tea are lovely.</text>
    <aspectTerms><aspectTerm from="4" polarity="positive" term="bread" to="9"/>
      <aspectTerm from="12" polarity="neutral" term="tea" to="15"/></aspectTerms></sentence>
  <sentence><text>We came by bus.</text>
    <aspectTerms><aspectTerm from="11" polarity="neutral" term="bus" to="14"/></aspectTerms></sentence>
</sentences>
"""
ESSAYS = [
    [("Dogs", "O"), ("Dogs", "B-Claim:For"), ("can", "I-Claim:For"), ("'", "I-Claim:For"), ("t", "I-Claim:For"),
     ("harm", "I-Claim:For"), (".", "O"), ("Why", "O"), (",", "O"), ("one", "O"), ("asks", "O"), ("?", "O")],
    [("Cats", "B-MajorClaim"), ("win", "I-MajorClaim"), (".", "O"), ("They", "B-Premise:-1:Support"), ("nap", "O")],
]  # fmt: skip
# What is said to be the text before and after a change of belief, and the type; the first text is not in NFC.
REVIEWS = [
    ("The cafe\u0301 is new.\r\nI thought the tea would be dull. I was wrong: the tea is lovely.",
     [("I thought the tea would be dull", "the tea is lovely", "reversal")]),
    ("I expected soup. We got bread! It was, but for the crust, fine.", []),
    ("The train left at nine.", []),
    ("Once it had charm for me. It has none.", [("it had charm for me", "It has none", "reversal")]),
]  # fmt: skip


def write_files(folder: Path) -> None:
    """A made-up file of each kind that has to be there."""
    lines = [
        json.dumps({"sentence": s, "mention": m, "from": s.index(m), "to": s.index(m) + len(m), "polarity": p})
        for s, m, p in NEWS
    ]
    for name in ("newsmtsc-mt-dev.jsonl", "newsmtsc-rw-dev.jsonl"):
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "mams-val.xml").write_text(MAMS, encoding="utf-8")
    blocks = [
        "\n".join(f"{number}\t{word}\t_\t_\t{label}" for number, (word, label) in enumerate(essay, 1))
        for essay in ESSAYS
    ]
    (folder / "essays-dev.conll.gz").write_bytes(gzip.compress("\n\n".join(blocks).encode() + b"\n"))
    lines = [
        json.dumps({"text": text, "shift": bool(told), "shifts": [marked_change(text, *one) for one in told]})
        for text, told in REVIEWS
    ]
    (folder / "shift-dev.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    told = [json.loads(lines[i]) | {"genre": genre} for i, genre in ((0, "self-report"), (2, "debate forum"))]
    (folder / "shift-dev-2.jsonl").write_text("".join(json.dumps(row) + "\n" for row in told), encoding="utf-8")


def marked_change(text: str, before: str, after: str, kind: str) -> dict[str, object]:
    told = change(text, before, after, kind)
    (first, last), (start, end) = told.before, told.after
    return {"before_start": first, "before_end": last, "after_start": start, "after_end": end, "type": kind}


def change(text: str, before: str, after: str, kind: str = "reversal") -> Change:
    one, other = ((text.index(words), text.index(words) + len(words)) for words in (before, after))
    return Change(one, other, kind)
