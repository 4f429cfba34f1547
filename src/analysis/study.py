"""Runs the line end to end for one essay and response: text in, a frozen `Study` of tables out."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.alignment import alignment_table
from analysis.assertion import asserts
from analysis.claims import (
    PROBABILITIES,
    Claim,
    Judge,
    Lit,
    claims_table,
    find_claims,
    find_lights,
    with_cues,
)
from analysis.cleaning import Source
from analysis.doubts import doubts_table
from analysis.encoder import load_change_encoder, load_encoder
from analysis.errors import InputError, noting
from analysis.evidence import evidence_table, turns_table, verdicts_table
from analysis.lexicon import Lexicon, Target, load_lexicon, load_targets
from analysis.mending import mend
from analysis.mentions import Entity, Forms, References, author_names, mentions_table
from analysis.parsing import Sentence, parse_all, sentences
from analysis.sentiment import textblob_score
from analysis.shifts import Answer, Marker, ReadText, Shift, answers_table, find_changes, shifts_table, valence_table
from analysis.voices import Paragraph, find_voices, voices_table

SENTENCE_COLUMNS = (
    "source sentence start end text voice position polarity subjectivity known_words known asserts"
).split()

Text = str | Path | Source

# A line that ends like the name of a file, or is one word, is no text.
_PATH_LIKE = re.compile(r"\S*|.*\.[A-Za-z]\w{0,7}")
_LONGEST_PATH = 1000

# Reading passes over a text thrice: it parses, finds claims, and scores sentences.
_PASSES = 3


@dataclass(frozen=True, repr=False)
class Study:
    """All that was read of an essay and a response, as tables; one row is one thing.

    Offsets (`start`, `end`) are characters of the cleaned text of that row's source, half-open; `position` runs from 0
    to 1 over them. Polarities run from -1 to 1 and are NaN where they are unknown.

    Attributes:
        sources: The texts, by name: `essay` and `response`, or `document` where one file mixes both.
        targets: The targets that were looked for; empty where they were discovered.
        sentences: What each sentence sounds like to a word list: `polarity`, `subjectivity` and `known_words` as
            TextBlob has them, with its words in `known`; and whether it announces a point of its own (`asserts`).
        claims: Who shows which target in what light: the encoder's probabilities of a bad, a neutral and a good one
            (`negative`, `neutral`, `positive`), `polarity` (`positive` - `negative`), and `textblob`, TextBlob's score
            of the sentence. `cues` has the words that each hangs on.
        shifts: Stated changes of belief.
        possible: Changes that are possible only, one at most for a text: please check.
        answers: For each text whether its reader states a change of belief (`answer`: `stated`, `possible` or `none`)
            with the `probability` of one, and the belief of before that a text without a change may tell alone.
        evidence: The author's claims in reading order, by target, weighed and added up.
        turns: For each shift, where the essay's evidence passes from the belief before to the belief after.
        verdicts: For each side of each shift, whether the essay's words bear it out.
        alignment: For each side of each shift, the essay's sentences that come nearest to it.
        valence: What the reader says of each target for themself, before and after the turn of their own text.
        mentions: Where each target is spoken of, with the probabilities of its light there; `claimed` is false where
            none is probable enough to be claimed.
        voices: Whose words each paragraph is.
        repairs: What cleaning changed.
        doubts: What makes the reading doubtful, such as a text that is hardly English; each with what to do about it.
    """

    sources: dict[str, Source]
    targets: tuple[Target, ...]
    sentences: pd.DataFrame
    claims: pd.DataFrame
    shifts: pd.DataFrame
    possible: pd.DataFrame
    answers: pd.DataFrame
    evidence: pd.DataFrame
    turns: pd.DataFrame
    verdicts: pd.DataFrame
    alignment: pd.DataFrame
    valence: pd.DataFrame
    mentions: pd.DataFrame
    voices: pd.DataFrame
    repairs: pd.DataFrame
    doubts: pd.DataFrame

    @functools.cached_property
    def cues(self) -> pd.DataFrame:
        """The claims with the words that carry each: `cue`, `cue_start`, `cue_end`; see `analysis.claims.with_cues`.

        Worked out when it is first asked for, because every sentence is then judged again without each of its words.
        """
        return with_cues(self.claims, load_encoder())

    def carried(self, numbers: Iterable[int]) -> pd.DataFrame:
        """The rows of `cues` of some claims, by their index; only these are worked out if `cues` was not asked for."""
        wanted = list(numbers)
        return (self.cues if "cues" in vars(self) else with_cues(self.claims.loc[wanted], load_encoder())).loc[wanted]

    @property
    def stances(self) -> pd.DataFrame:
        """What is said of each target, whoever says it: the mean `polarity` of its claims, and their number `n`.

        A target of which nothing is said has NaN and 0. Discovered targets are in order of how much they matter: those
        that the reader's beliefs name, those that both texts speak of, and those of which more is said.
        """
        groups = self.claims.groupby("target")["polarity"]
        means, counts = groups.mean(), groups.size()
        names = [target.name for target in self.targets] or self._discovered(counts)
        rows = [(name, float(means.get(name, float("nan"))), int(counts.get(name, 0))) for name in names]
        return pd.DataFrame(rows, columns=["target", "polarity", "n"])

    def _discovered(self, counts: Mapping[str, int]) -> list[str]:
        held = {*self.shifts["before_target"], *self.shifts["after_target"]}
        texts = self.mentions.groupby("target")["source"].nunique()
        names = list(dict.fromkeys(self.claims["target"]))
        return sorted(names, key=lambda name: (name not in held, -int(texts.get(name, 0)), -int(counts[name])))

    @property
    def essay(self) -> pd.DataFrame:
        """The author's paragraphs alone, title and byline among them: rows of `voices`, with their offsets."""
        return _own(self.voices)

    @property
    def author_sentences(self) -> pd.DataFrame:
        """The author's own sentences, title among them: rows of `sentences`, in reading order."""
        told_in = next(iter(self.sources))
        return _within(self.sentences, self.essay, told_in)

    @property
    def commentary(self) -> pd.DataFrame:
        """The reader's paragraphs alone: rows of `voices`, with their offsets."""
        return self.voices[self.voices["voice"] == "reader"].reset_index(drop=True)

    def label(self, target: str) -> str:
        """What to call a target in front of people."""
        return next((known.label for known in self.targets if known.name == target), target.replace("_", " "))

    def save(self, folder: str | Path, *, spreadsheet: bool = False) -> tuple[Path, ...]:
        """Write a report, the tables and the figures into a folder; see `analysis.saving.save`."""
        from analysis.saving import save  # only here, because figures take a second to import

        return save(self, folder, spreadsheet=spreadsheet)

    def __repr__(self) -> str:
        texts = ", ".join(f"{name} of {(self.sentences['source'] == name).sum()} sentences" for name in self.sources)
        types = ", ".join(self.shifts["type"]) or "none"
        return f"Study({texts}; {len(self.claims)} claims; changes of belief: {types})"

    def _repr_html_(self) -> str:
        from analysis.report import summary

        return summary(self)


def read(
    essay: Text | None,
    response: Text | None = None,
    *,
    targets: str | Path | Sequence[Target] | None = None,
    voices: str | Path | None = None,
    progress: bool = False,
) -> Study:
    """Read an essay and a response to it, or one document in which both voices are mixed.

    Args:
        essay: A path, or the text itself as a str or `Source`; alone, a document that mixes both voices. A str is a
            path if there is such a file, or if it is one word or ends like the name of a file. None to read a response
            alone.
        response: Likewise.
        targets: The CSV of the study's targets; None to discover them.
        voices: A CSV that overrules whose words a passage is.
        progress: Whether to show a bar if it takes more than a second; it is gone when all is read.

    Returns:
        The tables of the study.

    Raises:
        InputError: If a text or table cannot be read; the message says what and where.
        ModelError: If the spaCy model is missing.

    Examples:
        >>> from analysis import read
        >>> study = read(
        ...     "The soup is awful.",
        ...     "I thought the author hated soup. Then I realised that she only hates salt.",
        ... )
        >>> study.shifts[["before_target", "after_target", "type"]].values.tolist()
        [['soup', 'salt', 'retargeting']]
    """
    if essay is None and response is None:
        raise InputError("There is nothing to read. Give an essay, a response, or both.")
    return Reader().read(essay, response, targets=targets, voices=voices, progress=progress)


class Reader:
    """Reads many essays and responses with lists and weights loaded once.

    Examples:
        >>> from analysis import Source
        >>> reader = Reader()
        >>> study = reader.read(Source.from_text("The soup is awful."))
        >>> study.stances[["target", "n"]].values.tolist(), bool(study.stances["polarity"][0] < 0)
        ([['soup', 1]], True)
    """

    def __init__(
        self,
        *,
        coreference: bool = True,
        threshold: float | None = None,
        judge: Judge | None = None,
        marker: Marker | None = None,
        threads: int | None = None,
    ) -> None:
        """Load the lists. All arguments but the last change something, to see what a finding rests on.

        Args:
            coreference: Whether pronouns stand for what was named before.
            threshold: How probable a light has to be to be claimed, 0 to 1; None for the encoder's own threshold.
            judge: What says how likely each light is, instead of the encoder.
            marker: What says which clauses state a change of belief, instead of the encoder.
            threads: How many threads the encoder may use; None for one a core, four at most.
        """
        self._lexicon = load_lexicon()
        self._coreference = coreference
        self._judge: Judge = judge or load_encoder(threads)
        self._marker: Marker = marker or load_change_encoder(threads)
        self.threshold = self._judge.threshold if threshold is None else threshold

    def read(
        self,
        essay: Text | None,
        response: Text | None = None,
        *,
        targets: str | Path | Sequence[Target] | None = None,
        voices: str | Path | None = None,
        progress: bool = False,
    ) -> Study:
        """Read an essay and a response; see `read`."""
        if essay is None and response is None:
            raise InputError("There is nothing to read. Give an essay, a response, or both.")
        texts: dict[str, Text] = {}
        if essay is not None:
            texts["document" if response is None else "essay"] = essay
        if response is not None:
            texts["response"] = response
        sources: dict[str, Source] = {}
        paragraphs: dict[str, tuple[Paragraph, ...]] = {}
        for name, text in texts.items():
            with noting(name):
                sources[name] = _source(text, name)
                paragraphs[name] = find_voices(sources[name], sidecar=voices)
        known = _targets(targets)
        authors = frozenset[str]().union(*(author_names(sources[name], paragraphs[name]) for name in sources))
        with _bar(_PASSES * sum(len(source.text) for source in sources.values()), shown=progress) as tick:
            parts = []
            for name, source in sources.items():
                with noting(name):
                    parts.append(self._read_one(source, paragraphs[name], known, authors, tick))
        if known is None:
            first, *second = (Forms.of(part.entities) for part in parts)
            names = second[0].called(first, first.called()) if second else first.called()
            parts = [part.renamed(names) for part in parts]
        claims = _stack([part.claims for part in parts])
        mentions = _stack([part.mentions for part in parts])
        claimed = set(zip(claims["source"], claims["target_start"], claims["target"], strict=True))
        mentions["claimed"] = [
            row in claimed for row in zip(mentions["source"], mentions["start"], mentions["target"], strict=True)
        ]
        told_in = next(iter(sources))
        shifts = _stack([part.shifts for part in parts])
        shifts = shifts.assign(shift=range(len(shifts)))
        told = claims[(claims["source"] == told_in) & ~claims["sentence"].isin(parts[0].repeated)]
        length = len(sources[told_in].text)
        evidence = evidence_table(told, length)
        sentences = _stack([part.sentences for part in parts], SENTENCE_COLUMNS)
        whose = _stack([part.voices for part in parts])
        own = _within(sentences, _own(whose), told_in)
        return Study(
            sources=sources,
            targets=known or (),
            sentences=sentences,
            claims=claims,
            shifts=shifts,
            possible=_stack([part.possible for part in parts]),
            answers=pd.concat([part.answers for part in parts], ignore_index=True),
            evidence=evidence,
            turns=turns_table(shifts, told, length),
            verdicts=verdicts_table(shifts, evidence),
            alignment=alignment_table(
                shifts, [shift for part in parts for shift in part.found], parts[0].told, told_in, mentions, claims
            ),
            valence=valence_table(claims, shifts),
            mentions=mentions,
            voices=whose,
            repairs=_stack([_repairs_table(source, paragraphs[name]) for name, source in sources.items()]),
            doubts=doubts_table(
                sources,
                paragraphs,
                own,
                shifts,
                {part.told[0].passage.source.name: part.cut for part in parts if part.cut},
            ),
        )

    @property
    def lexicon(self) -> Lexicon:
        """The lists that it reads with."""
        return self._lexicon

    def claims(self, source: Source, *, targets: Sequence[Target] | None = None) -> tuple[Claim, ...]:
        """The claims of one text, without tables."""
        return self.find_all([(source, find_voices(source))], targets=targets)[0].claims

    def find_all(
        self,
        texts: Sequence[tuple[Source, tuple[Paragraph, ...]] | tuple[Source, tuple[Paragraph, ...], frozenset[str]]],
        *,
        targets: Sequence[Target] | None = None,
        tick: Callable[[int], object] = int,
    ) -> list[Found]:
        """Find the claims of many texts, which are parsed several at a time, without tables.

        Args:
            texts: Each text with its paragraphs and, if others are to be known besides those that it names itself, its
                author's names.
            targets: What to look for; None to discover it.
            tick: Is told of each step by how many characters it went on.
        """
        read = []
        for text, passages in zip(texts, parse_all([text[:2] for text in texts], tick=tick), strict=True):
            authors = author_names(*text[:2]).union(*text[2:])
            for passage in passages:
                mend(passage.doc, self._lexicon)
            told = sentences(passages)
            references = References(told, targets, authors, self._lexicon, coreference=self._coreference)
            read.append((told, references, authors))
        spoken_of = [(told, (*references.mentions(), *references.carried_over())) for told, references, _ in read]
        lit = find_lights(spoken_of, self._judge)
        for told, *_ in read:
            tick(sum(sentence.end - sentence.start for sentence in told))
        known = [
            ReadText(told, find_claims(own, references, self._lexicon, self.threshold), own, references)
            for (told, references, _), own in zip(read, lit, strict=True)
        ]
        answers = find_changes(known, self._marker, self._lexicon)
        return [
            Found(text.sentences, text.claims, text.lit, authors, answer)
            for text, (*_, authors), answer in zip(known, read, answers, strict=True)
        ]

    def _read_one(
        self,
        source: Source,
        paragraphs: tuple[Paragraph, ...],
        targets: tuple[Target, ...] | None,
        authors: frozenset[str],
        tick: Callable[[int], object],
    ) -> _Part:
        [read] = self.find_all([(source, paragraphs, authors)], targets=targets, tick=tick)
        found, answer = read.sentences, read.answer
        stated = answer.shifts if answer.kind == "stated" else ()
        return _Part(
            sentences=_sentences_table(source, _ticking(found, tick)),
            claims=claims_table({source.name: source.text}, {source.name: read.claims}),
            shifts=shifts_table(source.text, source.name, stated),
            possible=shifts_table(source.text, source.name, answer.shifts if answer.kind == "possible" else ()),
            answers=answers_table(source.text, source.name, answer),
            found=stated,
            told=found,
            repeated=repeated_titles(found),
            mentions=_mentions_table(source, read),
            voices=voices_table(source, paragraphs),
            entities=read.entities,
            cut=tuple(s.number for s in found if load_encoder().is_cut(s.text)),
        )


@dataclass(frozen=True)
class Found:
    """What was found in one text.

    Its sentences, claims, mentions with their lights, the names of its author, and whether its reader states a change
    of belief.
    """

    sentences: tuple[Sentence, ...]
    claims: tuple[Claim, ...]
    lit: tuple[Lit, ...]
    authors: frozenset[str]
    answer: Answer

    @property
    def entities(self) -> tuple[Entity, ...]:
        """The mentions alone."""
        return tuple(one.entity for one in self.lit)


@dataclass(frozen=True)
class _Part:
    """The tables of one source.

    `told` are its sentences, `repeated` the numbers of those that only repeat a title, and `cut` of those that
    are longer than the encoder's window.
    """

    told: tuple[Sentence, ...]
    repeated: frozenset[int]
    found: tuple[Shift, ...]
    sentences: pd.DataFrame
    claims: pd.DataFrame
    shifts: pd.DataFrame
    possible: pd.DataFrame
    answers: pd.DataFrame
    mentions: pd.DataFrame
    voices: pd.DataFrame
    entities: tuple[Entity, ...]
    cut: tuple[int, ...]

    def renamed(self, names: Mapping[str, str]) -> _Part:
        """The same tables with other names for the targets."""
        columns = {
            "claims": ["target"],
            "mentions": ["target"],
            "shifts": ["before_target", "after_target"],
            "possible": ["before_target", "after_target"],
        }
        tables = {
            name: getattr(self, name).assign(**{c: [names.get(t, t) for t in getattr(self, name)[c]] for c in own})
            for name, own in columns.items()
        }
        return replace(self, **tables)


def repeated_titles(found: Sequence[Sentence]) -> frozenset[int]:
    """The sentences of paragraphs that only repeat a title read before: a title is evidence once."""
    titles: dict[str, int] = {}
    repeats: dict[int, bool] = {}  # by where a paragraph begins
    for sentence in found:
        paragraph = sentence.passage.paragraph
        if paragraph.start not in repeats:
            words = " ".join(sentence.passage.doc.text.lower().split())
            if paragraph.role == "title":
                titles.setdefault(words, paragraph.start)
            repeats[paragraph.start] = titles.get(words, paragraph.start) != paragraph.start
    return frozenset(sentence.number for sentence in found if repeats[sentence.passage.paragraph.start])


def _mentions_table(source: Source, found: Found) -> pd.DataFrame:
    """The table of mentions, with the probabilities of the light of each and its polarity."""
    table = mentions_table(source, found.entities, found.sentences)
    for name in (*PROBABILITIES, "polarity"):
        table[name] = pd.Series([getattr(one, name) for one in found.lit], index=table.index, dtype=float)
    return table


def _sentences_table(source: Source, found: Iterable[Sentence]) -> pd.DataFrame:
    rows = []
    for sentence in found:
        baseline = textblob_score(sentence.text)
        rows.append(
            (
                source.name,
                sentence.number,
                sentence.start,
                sentence.end,
                sentence.text,
                sentence.passage.paragraph.voice,
                sentence.start / len(source.text),
                baseline.polarity,
                baseline.subjectivity,
                baseline.known_words,
                baseline.evidence,
                asserts(sentence.text),
            )
        )
    return pd.DataFrame(rows, columns=SENTENCE_COLUMNS)


def _own(voices: pd.DataFrame) -> pd.DataFrame:
    """The author's paragraphs."""
    own = (voices["voice"] == "author") | voices["role"].isin(["title", "byline"])
    return voices[own & (voices["speaker"] == "author")].reset_index(drop=True)


def _within(sentences: pd.DataFrame, essay: pd.DataFrame, source: str) -> pd.DataFrame:
    """The sentences of a source that lie in the author's paragraphs, but for bylines."""
    own = essay[(essay["source"] == source) & (essay["role"] != "byline")]
    rows = sentences[sentences["source"] == source]
    starts, ends = own["start"].to_numpy(dtype=int), own["end"].to_numpy(dtype=int)
    at = rows["start"].to_numpy(dtype=int)
    before = np.searchsorted(starts, at, side="right") - 1  # paragraphs lie in order and do not overlap
    inside = (before >= 0) & (at < ends[before]) if len(own) else np.zeros(len(at), dtype=bool)
    return rows[inside].reset_index(drop=True)


def _ticking(sentences: Iterable[Sentence], tick: Callable[[int], object]) -> Iterator[Sentence]:
    """The sentences, with a tick for the length of each that is done."""
    for sentence in sentences:
        yield sentence
        tick(sentence.end - sentence.start)


@contextmanager
def _bar(total: int, *, shown: bool) -> Iterator[Callable[[int], object]]:
    """A progress bar over a number of characters; what is given back takes how many more are done."""
    if not shown:
        yield lambda _: None
        return
    from tqdm import tqdm  # only here: most texts are read before a bar would be seen

    layout = "{desc} {percentage:3.0f}% {bar} {elapsed}, {remaining} left"
    with tqdm(total=total, desc="Reading", delay=1, leave=False, bar_format=layout) as bar:
        yield bar.update


def _repairs_table(source: Source, paragraphs: Sequence[Paragraph]) -> pd.DataFrame:
    columns = ["source", "kind", "raw_start", "raw_end", "start", "end", "raw_text", "text"]
    rows = [
        (
            source.name,
            repair.kind,
            repair.raw_start,
            repair.raw_end,
            repair.start,
            repair.end,
            # Bytes that are no text are shown as such ("\\xe9"): a lone one cannot be written to any file.
            repair.raw_text.encode("utf-8", errors="surrogateescape").decode("utf-8", errors="backslashreplace"),
            repair.text,
        )
        for repair in source.repairs
    ]
    for paragraph in paragraphs:
        if paragraph.cut:
            raw, _ = source.to_raw(paragraph.start, paragraph.start)
            rows.append((source.name, "paragraph cut", raw, raw, paragraph.start, paragraph.start, "", ""))
    return pd.DataFrame(rows, columns=columns)


def _source(text: Text, name: str) -> Source:
    if isinstance(text, Source):
        return replace(text, name=name)
    if isinstance(text, Path) or (isinstance(text, str) and _is_path(text)):
        return Source.from_path(text, name=name)
    if isinstance(text, str):
        return Source.from_text(text, name=name)
    raise InputError(f"{type(text).__name__} is neither a path nor a text. Give a path or the text as a str.")


def _is_path(text: str) -> bool:
    if not text or "\n" in text or len(text) > _LONGEST_PATH:
        return False
    try:
        return bool(_PATH_LIKE.fullmatch(text)) or Path(text).exists()
    except OSError:  # too long for a name
        return False


def _targets(targets: str | Path | Sequence[Target] | None) -> tuple[Target, ...] | None:
    if targets is None:
        return None
    return load_targets(targets) if isinstance(targets, str | Path) else tuple(targets)


def _stack(tables: list[pd.DataFrame], columns: Sequence[str] | None = None) -> pd.DataFrame:
    """One table of several with the same columns; an empty one keeps its columns."""
    filled = [table for table in tables if not table.empty]
    if not filled:
        return tables[0] if columns is None else pd.DataFrame(columns=list(columns))
    return pd.concat(filled, ignore_index=True)
