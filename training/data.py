"""Loads the texts that the encoder is trained and measured on: sentences with marked mentions and their light.

Every file keeps its group: `news`, `mams`, `tsa`, or the file of one writer. Which files may be trained on stands in
`FILES`; everything else in the data folder is only measured on.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

# Lights as class numbers: what the encoder's three probabilities mean, in their order.
NEGATIVE, NEUTRAL, POSITIVE = 0, 1, 2
_LIGHTS = {"-": NEGATIVE, "0": NEUTRAL, "+": POSITIVE}
_TAG = re.compile(r"⟦(\w+)\|([-+0])(r?)⟧(.*?)⟦/⟧", re.DOTALL)
# A sentence ends in a mark, with closing quotes and brackets, before a blank and a word that begins one.
_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9])")
_ABBREVIATED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|Prof|Rev|Sr|Jr|No|vs|etc|Messrs|[A-Z])\.$")

FILES = {"news": "newsmtsc-train.jsonl", "mams": "mams-train.xml", "tsa": "tsa-md.jsonl"}


@dataclass(frozen=True)
class Mention:
    """A marked mention, `start:end` in its text, the light that it is shown in, and the target that it stands for."""

    start: int
    end: int
    light: int
    target: str = ""


@dataclass(frozen=True)
class Text:
    """A sentence or paragraph with its mentions; `group` is its data set or writer, `unit` what belongs together."""

    text: str
    mentions: tuple[Mention, ...]
    group: str
    unit: str


def read_rows(path: Path, group: str) -> list[Text]:
    """Read `sentence, from, to, polarity` rows, an object a line; mentions of one sentence are put together."""
    found: dict[str, list[Mention]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        mention = Mention(row["from"], row["to"], row["polarity"] + 1)
        found.setdefault(row["sentence"], []).append(mention)
    return [Text(text, tuple(mentions), group, f"{group}-{i}") for i, (text, mentions) in enumerate(found.items())]


def read_mams(path: Path) -> list[Text]:
    """Read the sentences of MAMS with their aspect terms."""
    lights = {"negative": NEGATIVE, "neutral": NEUTRAL, "positive": POSITIVE}
    texts = []
    for i, sentence in enumerate(ET.parse(path).iter("sentence")):
        terms = [
            Mention(int(term.attrib["from"]), int(term.attrib["to"]), lights[term.attrib["polarity"]])
            for term in sentence.iter("aspectTerm")
        ]
        texts.append(Text(sentence.findtext("text", ""), tuple(terms), "mams", f"mams-{i}"))
    return texts


def read_written(path: Path) -> list[Text]:
    """Read the written paragraphs of one writer, whole, with their tags taken out."""
    texts = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text, mentions = untagged(row["text"])
        # The members of a minimal pair (w9-001a, w9-001b) belong together.
        unit = re.sub(r"(?<=\d)[a-z]$", "", row["id"])
        texts.append(Text(text, tuple(mentions), path.stem, unit))
    return texts


def untagged(tagged: str) -> tuple[str, list[Mention]]:
    """Take the tags out of a paragraph.

    Examples:
        >>> untagged("So ⟦t1|-⟧the boss⟦/⟧ left.")
        ('So the boss left.', [Mention(start=3, end=11, light=0, target='t1')])
    """
    parts: list[str] = []
    mentions: list[Mention] = []
    length = at = 0
    for match in _TAG.finditer(tagged):
        parts.append(tagged[at : match.start()])
        length += match.start() - at
        mentions.append(Mention(length, length + len(match[4]), _LIGHTS[match[2]], match[1]))
        parts.append(match[4])
        length += len(match[4])
        at = match.end()
    return "".join([*parts, tagged[at:]]), mentions


def sentences(text: Text, *, before: int = 0) -> Iterator[Text]:
    """The sentences of a paragraph that hold a mention, each with so many sentences before it."""
    starts = [0]
    for match in _SENTENCE_END.finditer(text.text):
        if not _ABBREVIATED.search(text.text[: match.end()].rstrip()):
            starts.append(match.end())
    bounds = [*starts, len(text.text)]
    for i, start in enumerate(starts):
        end = start + len(text.text[start : bounds[i + 1]].rstrip())
        first = bounds[max(0, i - before)]
        inside = [
            Mention(m.start - first, m.end - first, m.light, m.target)
            for m in text.mentions
            if start <= m.start and m.end <= end
        ]
        if inside:
            yield Text(text.text[first:end], tuple(inside), text.group, text.unit)


def read_training(folder: Path, written: Iterable[Path]) -> dict[str, list[Text]]:
    """Everything that may be trained on, sentence by sentence, by group."""
    groups = {
        "news": read_rows(folder / FILES["news"], "news"),
        "mams": read_mams(folder / FILES["mams"]),
        "tsa": read_rows(folder / FILES["tsa"], "tsa"),
    }
    for path in sorted(written, key=lambda path: int(path.stem.split("-")[1])):
        groups[path.stem] = [part for text in read_written(path) for part in sentences(text)]
    return groups


DEV = {
    "newsmtsc-mt-dev.jsonl": "NewsMTSC, several targets (dev)",
    "newsmtsc-rw-dev.jsonl": "NewsMTSC, real world (dev)",
    "mams-val.xml": "MAMS (val)",
    "ibm-claims-dev.jsonl": "IBM claims (dev; no neutral)",
    "mooc-dev.jsonl": "MOOC reviews (dev)",
}


def read_dev(folder: Path, name: str) -> list[Text]:
    """Read a set that is only measured on."""
    return read_mams(folder / name) if name.endswith(".xml") else read_rows(folder / name, name)
