"""Runs the second set of weights: which two clauses of a text state a change of its writer's own belief, if any do.

The network reads a text once and gives each candidate clause a vector. What is done with these is small and stands
here: a score for each pair of clauses, one as the belief of before and one as that of after, beside the score for
there being no change at all.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from analysis.encoder.runtime import CLS, DIGITS, PAD, SEP, load_settings, load_tokenizer, open_session

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

# The types of a change, as the network numbers them.
CHANGE_TYPES = ("retargeting", "reversal", "softening", "strengthening", "replacement")
# Of what is called the belief of before: how many sentences behind it that of after begins.
NEAREST, FARTHEST = -6, 12

# Pairs of a window that are told of: nearly all of the others have no probability to speak of.
_BEST = 200
_MOST_PIECES = 4096
_LONGER = 1.25
_NEVER = -1e4
_CERTAIN = 30.0  # log-odds beyond which a probability is 0 or 1 in all its digits

_Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Candidates:
    """A text and the clauses in it that may state a belief, as characters of `text`, half-open.

    `sentences` has for each clause the number of its sentence, `before` and `after` what is to be added to its score as
    the belief of before or of after, and `words` what it says, to see what two clauses share; empty where nothing is
    added. `mentions` are spans of what may be spoken of.
    """

    text: str
    spans: tuple[tuple[int, int], ...]
    sentences: tuple[int, ...]
    before: tuple[float, ...] = ()
    after: tuple[float, ...] = ()
    words: tuple[frozenset[str], ...] = ()
    mentions: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Pair:
    """Two clauses as a change of belief.

    Attributes:
        before: The number of the clause that tells what was believed.
        after: The number of the clause that tells what is believed since.
        log_odds: Of this pair against there being no change.
        types: How likely each of `CHANGE_TYPES` is, were this a change.
        before_signs: How likely the belief of before is against, neither, or for its object.
        after_signs: Likewise the belief of after.
        second_order: How likely it is that the beliefs are of what somebody else thinks.
    """

    before: int
    after: int
    log_odds: float
    types: tuple[float, ...] = field(repr=False)
    before_signs: tuple[float, ...] = field(repr=False)
    after_signs: tuple[float, ...] = field(repr=False)
    second_order: float = field(repr=False)


@dataclass(frozen=True)
class Marked:
    """What the network makes of a text.

    Attributes:
        probability: That its writer states a change of their own belief, 0 to 1, rounded to four digits.
        pairs: The likeliest pairs of clauses, the best first; none where there are not two clauses.
        told_before: The number of the clause that most looks like a belief of before, or None.
        before_probability: How likely its words are those of such a belief, 0 to 1.
        about: For each mention how likely its words name what a belief is about, 0 to 1.
    """

    probability: float
    pairs: tuple[Pair, ...]
    told_before: int | None = None
    before_probability: float = 0.0
    about: tuple[float, ...] = ()


@dataclass(frozen=True)
class _Window:
    """Word pieces that are read at once, with the clauses and mentions in them.

    Each of these is its number, its first piece, and the piece behind its last.
    """

    text: int
    pieces: tuple[int, ...]
    spans: tuple[tuple[int, int, int], ...]
    mentions: tuple[tuple[int, int, int], ...]


class ChangeEncoder:
    """The stored weights, ready to run.

    Attributes:
        threshold: A change is stated where its probability is at least this.
        possible: A change is possible where its probability is at least this.
        another: A second change of the same text needs these log-odds.
        ranking: How what is known of clauses is weighed beside the network's scores; see `analysis.shifts.cues`.
    """

    def __init__(
        self,
        session: InferenceSession,
        tokenizer: Tokenizer,
        heads: Mapping[str, _Floats],
        settings: Mapping[str, Any],
    ) -> None:
        """Take what `load_change_encoder` read."""
        self._session, self._tokenizer, self._heads = session, tokenizer, heads
        self._window = int(settings["window"])
        self._temperature, self._shift = float(settings["temperature"]), float(settings["shift"])
        self.threshold, self.possible = float(settings["threshold"]), float(settings["possible"])
        self.another = float(settings["another"])
        self.ranking: Mapping[str, Any] = settings["ranking"]

    def marks(self, asked: Sequence[Candidates]) -> list[Marked]:
        """Which clauses of each text state a change, and how likely it is that any do.

        Args:
            asked: Texts with their clauses. A text longer than the window is read in windows that overlap by half, and
                two clauses are a pair only if one window holds both.

        Returns:
            The answer for each text.
        """
        log_odds: list[float] = [-np.inf for _ in asked]
        pairs: list[dict[tuple[int, int], Pair]] = [{} for _ in asked]
        befores: list[tuple[float, int | None]] = [(0.0, None) for _ in asked]
        about = [np.zeros(len(one.mentions)) for one in asked]
        for batch in self._batches([row for i, one in enumerate(asked) for row in self._windows(i, one)]):
            for row, (vectors, told, named, none) in zip(batch, self._run(batch), strict=True):
                scores, clear = self._scores(row, asked[row.text], vectors)
                whole, found = self._pairs(row, vectors, scores - self._none(none), clear)
                log_odds[row.text] = max(log_odds[row.text], whole)
                for pair in found:
                    known = pairs[row.text].get((pair.before, pair.after))
                    if known is None or pair.log_odds > known.log_odds:
                        pairs[row.text][pair.before, pair.after] = pair
                for (number, *_), share in zip(row.mentions, named, strict=True):
                    about[row.text][number] = max(about[row.text][number], share)
                best = int(told.argmax())
                befores[row.text] = max(befores[row.text], (float(told[best]), row.spans[best][0]))
        return [
            Marked(
                self._probability(odds),
                tuple(sorted(own.values(), key=lambda pair: (-pair.log_odds, pair.before, pair.after))),
                before[1],
                round(before[0], DIGITS),
                tuple(np.round(shares, DIGITS).tolist()),
            )
            for odds, own, before, shares in zip(log_odds, pairs, befores, about, strict=True)
        ]

    def _probability(self, log_odds: float) -> float:
        if not np.isfinite(log_odds):
            return 0.0
        scaled = np.clip((log_odds - self._shift) / self._temperature, -_CERTAIN, _CERTAIN)
        return round(float(1 / (1 + np.exp(-scaled))), DIGITS)

    def scores(
        self, asked: Sequence[Candidates]
    ) -> Iterator[tuple[int, tuple[int, ...], npt.NDArray[np.float64], npt.NDArray[np.bool_], float]]:
        """What the network alone makes of each window, to fit on it how the rest is to be weighed.

        Yields:
            The number of the text, the numbers of the clauses, the scores of their pairs (before down, after across),
            whether two of them share no word, and the score of there being no change.
        """
        for batch in self._batches([row for i, one in enumerate(asked) for row in self._windows(i, one)]):
            for row, (vectors, _, _, none) in zip(batch, self._run(batch), strict=True):
                scores, clear = self._scores(row, Candidates("", (), asked[row.text].sentences), vectors)
                yield row.text, tuple(span[0] for span in row.spans), scores, clear, none

    def _none(self, score: float) -> float:
        return float(self.ranking["scale"]) * score + float(self.ranking["none"])

    def _scores(
        self, row: _Window, asked: Candidates, vectors: _Floats
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
        """The scores of all pairs of a window's clauses, and whether two of them share no word."""
        heads = self._heads
        scores = (
            vectors @ heads["before.weight"].T
            + heads["before.bias"]
            + (vectors @ heads["after.weight"].T + heads["after.bias"]).T
            + (vectors @ heads["query.weight"].T + heads["query.bias"])
            @ (vectors @ heads["key.weight"].T + heads["key.bias"]).T
            / np.sqrt(np.float32(len(heads["query.bias"])))
        )
        own = [number for number, *_ in row.spans]
        told_in = np.array([asked.sentences[number] for number in own])
        apart = np.clip(told_in[None, :] - told_in[:, None], NEAREST, FARTHEST) - NEAREST
        first, behind = (np.array([span[i] for span in row.spans]) for i in (1, 2))
        clear = (behind[:, None] <= first[None, :]) | (behind[None, :] <= first[:, None])
        scores = (scores + heads["distance"][apart]).astype(np.float64)
        if asked.before:
            scores = scores * self.ranking["scale"] + np.array(self.ranking["apart"])[apart]
            scores += np.array([asked.before[number] for number in own])[:, None]
            scores += np.array([asked.after[number] for number in own])[None, :]
            scores += self.ranking["shared"] * shared([asked.words[number] for number in own])
        return np.where(clear, scores, _NEVER), clear

    def _pairs(
        self, row: _Window, vectors: _Floats, scores: npt.NDArray[np.float64], clear: npt.NDArray[np.bool_]
    ) -> tuple[float, Iterator[Pair]]:
        """The log-odds of there being a change in a window, and its best pairs."""
        top = scores.max()
        whole = float(top + np.log(np.exp(scores - top).sum()))
        best = np.argsort(-scores, axis=None, kind="stable")[:_BEST]
        places = [divmod(int(place), len(row.spans)) for place in best]
        return whole, (self._pair(row, vectors, b, a, scores[b, a]) for b, a in places if clear[b, a])

    def _pair(self, row: _Window, vectors: _Floats, before: int, after: int, log_odds: float) -> Pair:
        one, other = vectors[before], vectors[after]
        both = np.concatenate([one, other])
        signs = self._dense("sign", both)
        return Pair(
            row.spans[before][0],
            row.spans[after][0],
            round(float(log_odds), DIGITS),
            _shares(self._dense("type", np.concatenate([both, one * other]))),
            _shares(signs[:3]),
            _shares(signs[3:]),
            _shares(self._dense("second", one))[1],
        )

    def _dense(self, name: str, vector: _Floats) -> _Floats:
        return np.asarray(self._heads[f"{name}.weight"] @ vector + self._heads[f"{name}.bias"])

    def _windows(self, number: int, asked: Candidates) -> Iterator[_Window]:
        coded = self._tokenizer.encode(asked.text, add_special_tokens=False)
        starts = np.array([start for start, _ in coded.offsets])
        ends = np.array([end for _, end in coded.offsets])

        def pieces_of(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int, int]]:
            firsts = np.searchsorted(ends, [start for start, _ in spans], "right").tolist()
            behinds = np.searchsorted(starts, [end for _, end in spans], "left").tolist()
            return [(i, a, b) for i, (a, b) in enumerate(zip(firsts, behinds, strict=True)) if a < b]

        clauses, mentions = pieces_of(asked.spans), pieces_of(asked.mentions)
        room = self._window - 2
        for at in range(0, max(len(coded.ids) - room // 2, 1), room // 2):
            inside, spoken_of = (
                tuple((i, a - at + 1, b - at + 1) for i, a, b in spans if a >= at and b <= at + room)
                for spans in (clauses, mentions)
            )
            if len(inside) > 1:
                yield _Window(number, (CLS, *coded.ids[at : at + room], SEP), inside, spoken_of)

    def _batches(self, rows: list[_Window]) -> Iterator[list[_Window]]:
        """Windows of like length together, the shorter first."""
        rows.sort(key=lambda row: len(row.pieces))
        batch: list[_Window] = []
        for row in rows:
            long = len(row.pieces)
            if batch and ((len(batch) + 1) * long > _MOST_PIECES or long > _LONGER * len(batch[0].pieces)):
                yield batch
                batch = []
            batch.append(row)
        if batch:
            yield batch

    def _run(self, batch: Sequence[_Window]) -> Iterator[tuple[_Floats, _Floats, _Floats, float]]:
        """What the network gives for each window.

        A vector for each clause and how much it looks like a belief of before; how much each mention looks like what
        a belief is about; and the score of there being no change.
        """
        spans = [(*row.spans, *row.mentions) for row in batch]
        long, most = max(len(row.pieces) for row in batch), max(map(len, spans))
        ids = np.full((len(batch), long), PAD, dtype=np.int64)
        mask = np.zeros((len(batch), long), dtype=np.float32)
        first, last = (np.zeros((len(batch), most), dtype=np.int64) for _ in range(2))
        within = np.zeros((len(batch), most, long), dtype=np.float32)
        for i, row in enumerate(batch):
            ids[i, : len(row.pieces)] = row.pieces
            mask[i, : len(row.pieces)] = 1
            for j, (_, a, b) in enumerate(spans[i]):
                first[i, j], last[i, j] = a, b - 1
                within[i, j, a:b] = 1 / (b - a)
        fed = {"ids": ids, "mask": mask, "first": first, "last": last, "within": within}
        vectors, told, about, none = self._session.run(["vectors", "told", "about", "none"], fed)
        for i, row in enumerate(batch):
            size = len(row.spans)
            yield vectors[i, :size], told[i, :size], about[i, size : len(spans[i])], float(none[i])


def shared(words: Sequence[frozenset[str]]) -> npt.NDArray[np.float64]:
    """Whether each clause has a word of each other one, 0 or 1."""
    places: dict[str, list[int]] = {}
    for i, own in enumerate(words):
        for word in own:
            places.setdefault(word, []).append(i)
    found = np.zeros((len(words), len(words)))
    for at in places.values():
        found[np.ix_(at, at)] = 1.0
    return found


def _shares(scores: _Floats) -> tuple[float, ...]:
    odds = np.exp(scores.astype(np.float64) - scores.max())
    return tuple(np.round(odds / odds.sum(), DIGITS).tolist())


@functools.cache
def load_change_encoder(threads: int | None = None) -> ChangeEncoder:
    """Load the weights for changes of belief that come with the package, once.

    Args:
        threads: How many threads compute; None for one a core, four at most.

    Returns:
        The encoder. Nothing is asked of any network.
    """
    stored = np.load(io.BytesIO((files("analysis.encoder") / "changes.npz").read_bytes()))
    heads = {name: stored[name].astype(np.float32) for name in stored.files}
    return ChangeEncoder(open_session("changes.onnx", threads), load_tokenizer(), heads, load_settings("changes.json"))
