"""The methods that are compared: TextBlob, VADER, asent and ours, each asked about one marked mention."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import spacy
from spacy.tokens import Doc, Span
from textblob import TextBlob

from analysis import Source
from analysis.lexicon import Target
from analysis.study import Reader, Study
from data import BenchError, Change, Essay, Example, as_change

# Where VADER's own documentation puts the bounds of neutral; asent is a port of VADER with the same scale.
VADER_BOUND = 0.05
# The middle of TextBlob's scale, which runs from 0 (objective) to 1 (subjective).
SUBJECTIVE = 0.5

# What anybody would look for first: a past belief of the writer's own, and a "but" in the same sentence or the next.
I_THOUGHT_BUT = re.compile(
    r"\b(?:I|we)(?:['’]d)?(?:\s+(?:had|have|did|at\s+first|first|always|just|\w+ly))*\s+(?:thought|expected|assumed)\b"
    r"[^.!?]*(?:[.!?]+[^.!?]*)?\bbut\b",
    re.IGNORECASE,
)
# Every word that such a statement is likely to hold, whatever else it may be about.
BROAD_CUES = re.compile(
    r"\b(?:thought|believed|expected|assumed|figured|supposed|hoped|used\s+to|at\s+first|initially|reali[sz]ed|found"
    r"|turned\s+out|wrong|surprised|changed\s+my\s+mind|now)\b",
    re.IGNORECASE,
)

OURS = "ours"


@dataclass(frozen=True)
class Method:
    """A way to score a mention; within `bound` of zero a score is neutral, and NaN counts as `unknown`.

    What TextBlob, VADER and asent know no word of is neutral by their own convention; ours says that it does not know.
    """

    name: str
    bound: float
    score: Callable[[Example, Doc], float]
    unknown: float = 0.0


@dataclass(frozen=True)
class Peers:
    """What is installed for the benchmark alone."""

    vader: Callable[[str], Mapping[str, float]]
    asent: Callable[[Span], Any]


@dataclass(frozen=True)
class Lights:
    """What ours makes of a mention: three probabilities, NaN where it was not asked, and whether it makes a claim.

    Examples:
        Too uncertain for a claim, and not neutral either:

        >>> unsure = Lights(negative=0.45, neutral=0.4, positive=0.15, claimed=math.nan)
        >>> unsure.as_read, unsure.argmax, unsure.forced
        (nan, -1.0, -1.0)
        >>> neutral = Lights(negative=0.1, neutral=0.6, positive=0.3, claimed=math.nan)
        >>> neutral.as_read, neutral.argmax, neutral.forced
        (0.0, 0.0, 1.0)
    """

    negative: float
    neutral: float
    positive: float
    claimed: float

    @property
    def as_read(self) -> float:
        """What `analysis.read` gives: the sign of the claim; else 0 if neutral is likeliest, and NaN if not."""
        if not math.isnan(self.claimed):
            return _sign(self.claimed)
        return 0.0 if self._is_neutral else math.nan

    @property
    def argmax(self) -> float:
        """The likeliest of the three lights."""
        return 0.0 if self._is_neutral else self.forced

    @property
    def forced(self) -> float:
        """The likelier of the two signs, however unsure."""
        return _sign(self.positive - self.negative)

    @property
    def _is_neutral(self) -> bool:
        return self.neutral > max(self.negative, self.positive)


def _sign(number: float) -> float:
    return math.nan if math.isnan(number) else float((number > 0) - (number < 0))


# Polarity towards a mention ------------------------------------------------------------------------------------------


def load_peers() -> Peers:
    """Load VADER and asent, or say how they are installed."""
    try:
        import asent
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
    except ModuleNotFoundError as missing:
        raise BenchError(f"{missing.name} is not installed here; make bench installs it into .venv-bench.") from None
    assert asent.__title__  # importing it is what registers its component
    # In a pipeline of its own, which sets its getters for every Doc: ours must run as it does without peers.
    spacy.blank("en").add_pipe("asent_en_v1")
    return Peers(SentimentIntensityAnalyzer().polarity_scores, lambda span: span._.polarity)


def methods(peers: Peers, lights: Callable[[Example], Lights]) -> list[Method]:
    """All ways to score a mention, ours last: as it is read, and what it would say if it always had to answer."""
    return [
        Method("TextBlob, whole sentence", 0.0, lambda example, _: textblob(example.sentence)),
        Method("VADER, whole sentence", VADER_BOUND, lambda example, _: vader(example.sentence, peers)),
        Method("asent, the target's clause", VADER_BOUND, lambda example, doc: asent(clause(example, doc), peers)),
        Method(OURS, 0.0, lambda example, _: lights(example).as_read, math.nan),
        Method(f"{OURS}, argmax", 0.0, lambda example, _: lights(example).argmax, math.nan),
        Method(f"{OURS}, forced to choose", 0.0, lambda example, _: lights(example).forced, math.nan),
    ]


def textblob(text: str) -> float:
    """TextBlob's polarity; NaN where it knows no word."""
    found = TextBlob(text).sentiment_assessments
    return float(found.polarity) if found.assessments else math.nan


def vader(text: str, peers: Peers) -> float:
    """VADER's compound score; NaN where it knows no word that is good or bad."""
    found = peers.vader(text)
    return found["compound"] if found["pos"] or found["neg"] else math.nan


def asent(span: Span, peers: Peers) -> float:
    """Compound score of asent; NaN where it knows no word that is good or bad.

    Taken of a copy of the words alone, because asent counts from the start of the document when it weighs a "but".
    """
    found = peers.asent(span.as_doc()[:])
    return float(found.compound) if any(word.polarity for word in found.polarities) else math.nan


def clause(example: Example, doc: Doc) -> Span:
    """All that the nearest verb above the marked mention governs; without one, the sentence."""
    span = doc.char_span(example.start, example.end, alignment_mode="expand")
    assert span is not None
    head = span.root
    verb = next((token for token in head.ancestors if token.pos_ in {"VERB", "AUX"}), None)
    return head.sent if verb is None else doc[verb.left_edge.i : verb.right_edge.i + 1]


# Ours ----------------------------------------------------------------------------------------------------------------


def marked(example: Example) -> tuple[Source, Target]:
    """The sentence as our reader takes it, and the mention, where it stands in the cleaned text, as the only target."""
    source = Source.from_text(example.sentence)
    start, end = example.start, example.end
    if source.text != example.sentence:
        raw = [source.to_raw(position, position + 1) for position in range(len(source.text))]
        touched = [position for position, (first, last) in enumerate(raw) if first < end and last > start]
        start, end = touched[0], touched[-1] + 1
    return source, Target("marked", "marked", (), spans=((source.name, start, end),))


def ours(reader: Reader, example: Example) -> Lights:
    """What ours says of the marked mention, read as `analysis.read` reads and with nothing else as a target."""
    source, target = marked(example)
    [(_, start, end)] = target.spans
    return lights_in(reader.read(source, targets=[target]), start, end)


def remembering(reader: Reader) -> Callable[[Example], Lights]:
    """`ours`, with each mention read once, however many methods ask for it."""
    return functools.cache(functools.partial(ours, reader))


def lights_in(study: Study, start: int, end: int) -> Lights:
    """What a study says of the mention that was marked at `start:end`.

    The reader ends a mention where its noun phrase ends, and pronouns elsewhere may stand for the same target. So it is
    the mention that was found by the mark, or else the one that shares most characters with it.
    """
    found = study.mentions
    shared = found["end"].clip(upper=end) - found["start"].clip(lower=start)
    near = found.assign(shared=shared, by_mark=found["how"] == "marked")[(found["target"] == "marked") & (shared > 0)]
    if near.empty:
        return Lights(math.nan, math.nan, math.nan, math.nan)
    one = near.sort_values(["by_mark", "shared"], ascending=False, kind="stable").iloc[0]
    claims = study.claims
    own = claims[_is_about(claims, one)]
    return Lights(
        negative=float(one["negative"]),
        neutral=float(one["neutral"]),
        positive=float(one["positive"]),
        claimed=float(own["polarity"].iloc[0]) if len(own) else math.nan,
    )


def _is_about(claims: pd.DataFrame, mention: pd.Series[Any]) -> pd.Series[bool]:
    places = {"source": "source", "target": "target", "target_start": "start", "target_end": "end"}
    same = [claims[column] == mention[other] for column, other in places.items()]
    return functools.reduce(lambda one, other: one & other, same)


def textblob_asserts(essay: Essay) -> list[bool]:
    """Whether TextBlob finds each sentence subjective."""
    texts = [essay.text[start:end] for start, end, _ in essay.sentences]
    return [TextBlob(text).sentiment.subjectivity >= SUBJECTIVE for text in texts]


def ours_asserts(reader: Reader, essay: Essay) -> list[bool]:
    """Whether ours finds that each sentence puts a claim forward.

    The essay is read as a whole, as a person would. Its sentences are those of our parse, and one that the file ends
    elsewhere counts for every sentence of the file that it shares a word with.
    """
    source = Source.from_text(essay.text)
    if source.text != essay.text:
        raise BenchError("An essay holds characters that cleaning repairs, so that its sentences would not be found.")
    found = reader.read(source, targets=None).sentences
    claiming = found.loc[found["asserts"].astype(bool), ["start", "end"]].to_numpy()
    return [any(first < end and last > start for first, last in claiming) for start, end, _ in essay.sentences]


def ours_changes(reader: Reader, text: str) -> list[Change]:
    """The changes of belief that ours finds in a text, where they stand in it before it is cleaned."""
    study = reader.read(None, Source.from_text(text))
    source = study.sources["response"]
    found = [as_change(row) for row in study.shifts.to_dict("records")]
    return [Change(source.to_raw(*change.before), source.to_raw(*change.after), change.type) for change in found]
