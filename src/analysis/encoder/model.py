"""Runs the stored weights: word pieces in, probabilities out, in batches of sentences of like length."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from analysis.encoder.runtime import CLS, DIGITS, PAD, SEP, load_settings, load_tokenizer, open_session

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

# What the three probabilities of a mention are, in this order.
LIGHTS = ("negative", "neutral", "positive")

_HIDDEN = "[MASK]"
# Word pieces that are computed at once: more take more memory and no less time.
_MOST_PIECES = 4096
# Beyond this, more is computed for the blanks behind the shorter ones than a larger batch saves.
_LONGER = 1.25

_Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Asked:
    """A sentence and the spans in it that are asked about, as characters of `text`, half-open.

    `names` are spans that are hidden from the network, so that no light hangs on what somebody is called. `without` is
    a span that is left out before the sentence is read, to see what hangs on it.
    """

    text: str
    spans: tuple[tuple[int, int], ...]
    names: tuple[tuple[int, int], ...] = ()
    without: tuple[int, int] | None = None

    def hidden(self) -> tuple[str, Callable[[int], int]]:
        """The text with one mark for each name, and where a place of the text is in it.

        Examples:
            >>> text, place = Asked("So Ann Lee left.", (), names=((3, 10),)).hidden()
            >>> text, text[place(11) : place(15)]
            ('So [MASK] left.', 'left')
        """
        parts, at = [], 0
        for start, end in self.names:
            parts += [self.text[at:start], _HIDDEN]
            at = end

        def place(position: int) -> int:
            moved = 0
            for start, end in self.names:
                if position <= start:
                    break
                if position < end:
                    return start + moved  # where the mark of its name begins
                moved += len(_HIDDEN) - (end - start)
            return position + moved

        return "".join([*parts, self.text[at:]]), place


@dataclass(frozen=True)
class _Row:
    """One pass: word pieces, and for each span asked about here its number and its pieces."""

    asked: int
    pieces: tuple[int, ...]
    spans: tuple[tuple[int, int, int], ...]


class Encoder:
    """The stored weights, ready to run.

    Attributes:
        threshold: A light is claimed where its probability is at least this.
        window: Word pieces that are read at once; of a longer sentence only so many around a mention are.

    Examples:
        >>> encoder = load_encoder()
        >>> [bad, neutral, good] = encoder.lights([Asked("The soup was a joy.", ((0, 8),))])[0][0]
        >>> bool(good > max(bad, neutral))
        True
    """

    def __init__(self, session: InferenceSession, tokenizer: Tokenizer, settings: dict[str, Any]) -> None:
        """Take what `load_encoder` read."""
        self._session, self._tokenizer = session, tokenizer
        self._temperature = float(settings["temperature"])
        self.threshold = float(settings["threshold"])
        self.window = int(settings["window"])

    def lights(self, asked: Sequence[Asked]) -> list[npt.NDArray[np.float64]]:
        """How likely it is that each span is shown in each light.

        Args:
            asked: Sentences with spans.

        Returns:
            For each of them an array with a row a span and the columns of `LIGHTS`, 0 to 1, rounded to four digits;
            NaN for a span without a word, or whose words are left out.
        """
        found = [np.full((len(one.spans), len(LIGHTS)), np.nan) for one in asked]
        for batch in self._batches([row for i, one in enumerate(asked) for row in self._rows(i, one)]):
            for row, scores in zip(batch, self._scores(batch), strict=True):
                for (number, *_), score in zip(row.spans, scores, strict=False):
                    found[row.asked][number] = self._probabilities(score)
        return found

    def is_cut(self, text: str) -> bool:
        """Whether a sentence is longer than the window, so that only a part of it is read around each mention."""
        # A word piece has one character at least.
        if len(text) <= self.window - 2:
            return False
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids) > self.window - 2

    def _probabilities(self, score: _Floats) -> npt.NDArray[np.float64]:
        scaled = score.astype(np.float64) / self._temperature
        odds = np.exp(scaled - scaled.max())
        return np.asarray(np.round(odds / odds.sum(), DIGITS))

    def _rows(self, number: int, asked: Asked) -> Iterator[_Row]:
        """One pass for a sentence, or one for each mention where the sentence is longer than the window."""
        text, place = asked.hidden()
        coded = self._tokenizer.encode(text, add_special_tokens=False)
        kept = list(range(len(coded.ids)))
        if asked.without is not None:
            first, last = (place(position) for position in asked.without)
            kept = [i for i in kept if not (coded.offsets[i][0] < last and coded.offsets[i][1] > first)]
        ids, places = [coded.ids[i] for i in kept], [coded.offsets[i] for i in kept]
        spans = []
        for span, (start, end) in enumerate(asked.spans):
            first, last = place(start), max(place(end), place(start) + 1)
            inside = [i for i, (a, b) in enumerate(places) if a < last and b > first]
            if inside:
                spans.append((span, inside[0], inside[-1] + 1))
        room = self.window - 2
        if len(ids) <= room:
            if spans:
                yield _Row(number, (CLS, *ids, SEP), tuple((span, a + 1, b + 1) for span, a, b in spans))
            return
        for span, a, b in spans:
            first = max(0, min(len(ids) - room, (a + b) // 2 - room // 2))
            a, b = max(a - first, 0), min(b - first, room)
            yield _Row(number, (CLS, *ids[first : first + room], SEP), ((span, a + 1, b + 1),))

    def _batches(self, rows: list[_Row]) -> Iterator[list[_Row]]:
        """Rows of like length together, the shorter first."""
        rows.sort(key=lambda row: len(row.pieces))
        batch: list[_Row] = []
        for row in rows:
            long = len(row.pieces)
            if batch and ((len(batch) + 1) * long > _MOST_PIECES or long > _LONGER * len(batch[0].pieces)):
                yield batch
                batch = []
            batch.append(row)
        if batch:
            yield batch

    def _scores(self, batch: Sequence[_Row]) -> _Floats:
        """The network's scores, row by span by light."""
        long, most = max(len(row.pieces) for row in batch), max(len(row.spans) for row in batch)
        ids = np.full((len(batch), long), PAD, dtype=np.int64)
        mask = np.zeros((len(batch), long), dtype=np.float32)
        spans = np.zeros((len(batch), most, long), dtype=np.float32)
        for i, row in enumerate(batch):
            ids[i, : len(row.pieces)] = row.pieces
            mask[i, : len(row.pieces)] = 1
            for j, (_, first, end) in enumerate(row.spans):
                spans[i, j, first:end] = 1 / (end - first)
        [scores] = self._session.run(["scores"], {"ids": ids, "mask": mask, "spans": spans})
        return np.asarray(scores, dtype=np.float32)


@functools.cache
def load_encoder(threads: int | None = None) -> Encoder:
    """Load the weights that come with the package, once.

    Args:
        threads: How many threads compute; None for one a core, four at most. Workers of a corpus take one each.

    Returns:
        The encoder. Nothing is asked of any network.
    """
    return Encoder(open_session("attitude.onnx", threads), load_tokenizer(), load_settings("settings.json"))
