"""Loads the texts that the encoder is trained and measured on: sentences with marked mentions and their light.

Every file keeps its group: `news`, `mams`, `tsa`, or the file of one writer. Which files may be trained on stands in
`FILES`; everything else in the data folder is only measured on.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from spacy.language import Language

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


HIDDEN = "[MASK]"


def without_names(texts: Sequence[Text], nlp: Language) -> list[Text]:
    """The same texts with one mark for each proper name, as `analysis.claims.find.names_in` hides them."""
    found = []
    for text, doc in zip(texts, nlp.pipe([text.text for text in texts]), strict=True):
        words = [token for token in doc if token.is_alpha]
        title = sum(token.text[0].isupper() for token in words) > len(words) / 2 and len(words) > 2
        runs: list[tuple[int, int]] = []
        for token in doc:
            if token.pos_ == "PROPN" and not title:
                if runs and runs[-1][1] >= token.idx - 1:
                    runs[-1] = (runs[-1][0], token.idx + len(token))
                else:
                    runs.append((token.idx, token.idx + len(token)))
        found.append(hidden(text, runs))
    return found


def hidden(text: Text, runs: Sequence[tuple[int, int]]) -> Text:
    """The text with each of the runs of characters replaced by one mark, and its mentions moved with it.

    Examples:
        >>> hidden(Text("Ann Lee left us.", (Mention(0, 7, 0), Mention(13, 15, 1)), "", ""), [(0, 7)])
        Text(text='[MASK] left us.', mentions=(Mention(start=0, end=6, light=0, target=''), \
Mention(start=12, end=14, light=1, target='')), group='', unit='')
    """
    parts, at = [], 0
    for start, end in runs:
        parts += [text.text[at:start], HIDDEN]
        at = end

    def place(position: int, *, end: bool) -> int:
        moved = 0
        for first, last in runs:
            if position <= first:
                break
            if position < last:
                return first + moved + (len(HIDDEN) if end else 0)
            moved += len(HIDDEN) - (last - first)
        return position + moved

    mentions = tuple(
        Mention(place(m.start, end=False), place(m.end, end=True), m.light, m.target) for m in text.mentions
    )
    return Text("".join([*parts, text.text[at:]]), mentions, text.group, text.unit)


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
