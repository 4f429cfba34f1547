"""Says what a study found: the stated move, what the essay has on it, and who says what about whom.

`finding` is all of it as plain values. What is printed, put on a page, or given to a program is made of that.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.evidence import Belief
from analysis.tug import view

if TYPE_CHECKING:
    from analysis.study import Study  # which shows itself by what is here

WHO_COLUMNS = "holder target label n n_for n_against polarity words".split()
STRONGEST_COLUMNS = "rank source sentence start end text cue target polarity counted".split()

_MOST = 3
_MOST_WORDS = 5
# Nearly every order of the sentences turns as late and as clearly.
_ANY_ORDER = 0.95

_ATTITUDES = {
    ("evaluation", -1): "negative about",
    ("evaluation", 1): "positive about",
    ("expectation", -1): "pessimistic about",
    ("expectation", 1): "hopeful about",
    ("prescription", -1): "against",
    ("prescription", 1): "in favour of",
    ("description", -1): "telling ill of",
    ("description", 1): "telling well of",
}

_QUOTED = "the passages that the reader quotes, all that we have of the essay"

_CHANGES = {
    "retargeting": "the same sign, another target",
    "reversal": "the same target, the other sign",
    "softening": "the same target and sign, weaker",
    "strengthening": "the same target and sign, stronger",
    "replacement": "another belief in the place of the first",
}


# What may be said where the two targets, or one of them, are not known to be the same or to differ.
_LOOSELY = {
    "retargeting": "it is something else that the belief is about",
    "reversal": "from against to for, or from for to against",
    "softening": "a weaker belief than before",
    "strengthening": "a stronger belief than before",
    "replacement": "another belief in the place of the first",
}
_ONE_TARGET = frozenset({"reversal", "softening", "strengthening"})

_ANSWERS = {
    "stated": "The reader states a change of belief.",
    "possible": "Possibly the reader states a change of belief: please check.",
    "none": "The reader states no change of belief.",
}


def attitude(kind: str, polarity: float) -> str:
    """A kind and a polarity in words.

    Examples:
        >>> attitude("expectation", -0.7)
        'pessimistic about'
    """
    return _ATTITUDES.get((kind, (polarity > 0) - (polarity < 0)), "of two minds about")


def belief(study: Study, shift: Mapping[str, Any], side: str) -> str:
    """One side of a shift in words: the reader, or in their eyes somebody else, is what about whom."""
    if not shift[f"{side}_target"]:
        return "the reader held something in which no claim was found"
    held = f"{attitude(shift[f'{side}_kind'], shift[f'{side}_polarity'])} {study.label(shift[f'{side}_target'])}"
    if shift[f"{side}_holder"] == "reader":
        return f"the reader was {held}"
    whom = "the author" if shift[f"{side}_holder"] == "author" else "somebody else"
    return f"the reader held that {whom} is {held}"


def change(shift: Mapping[str, Any]) -> str:
    """The type of a shift in words, with the kinds where they differ; of the targets only what is known of both."""
    targets, signs = ([shift[f"{side}_{what}"] for side in ("before", "after")] for what in ("target", "polarity"))
    known = all(targets) and not any(math.isnan(sign) for sign in signs)
    if not known or (targets[0] == targets[1]) != (shift["type"] in _ONE_TARGET):
        return f"{shift['type']}: {_LOOSELY[shift['type']]}"
    words = f"{shift['type']}: {_CHANGES[shift['type']]}"
    before, after = shift["before_kind"], shift["after_kind"]
    return f"{words}, and no longer an {before} but an {after}" if before and after and before != after else words


def finding(study: Study, *, words: bool = False) -> dict[str, Any]:
    """The finding as plain values that JSON can hold; what is unknown is None.

    Args:
        study: What was read.
        words: Whether to say of every claim which words carry it, which takes longer than the reading. Without it they
            are told of the strongest sentences only.

    Returns:
        `sources`: the texts, by name: `characters`, `sentences`, `encoding`.
        `answer`: whether a change of belief is `stated`, `possible` or `none` (`kind`, with its `probability`), that
        `in_words`, the two passages where one is `possible`, and where there is none what the reader does say: a belief
        of before alone (`told_before`), and the strongest sentences in which they are for or against anything (`says`).
        `shifts`: for each stated change of belief its `type`, that in words (`change`), and for `before` and `after`
        each: the belief in words (`belief`), the reader's own (`text`, and `source`, `start`, `end`), `holder`,
        `target`, `label`, `kind`, `polarity`; `verdict` with its `rule`, `n_for` and `n_against`; and the `strongest`
        sentences for it. The `turn` with its sentence, and in words.
        `looked_in`: where the evidence was looked for, in words; empty where there are no words of an author.
        `strongest`: the author's strongest sentences `against` and `for` anything.
        `who`: who says what about whom, a row for each holder and target, the most frequent first.
        `claims`: every claim.
        `doubts`: what to be warned of.

    Examples:
        >>> from analysis import read
        >>> found = finding(read("The soup is awful.", "I like it. The author is wrong about the soup."))
        >>> found["shifts"], [(row["holder"], row["target"], row["n_against"]) for row in found["who"]][:1]
        ([], [('author', 'soup', 1)])
    """
    looked_in = ""
    if not study.author_sentences.empty:
        place = "the essay" if "essay" in study.sources else _QUOTED
        looked_in = f"{place} ({len(study.author_sentences)} sentences)"
    return {
        "sources": {
            name: {
                "characters": len(source.text),
                "sentences": int((study.sentences["source"] == name).sum()),
                "encoding": source.encoding,
            }
            for name, source in study.sources.items()
        },
        "answer": answer(study),
        "shifts": [_shift(study, shift) for shift in study.shifts.to_dict("records")],
        "looked_in": looked_in,
        "strongest": {
            "against": _records(strongest(study, sign=-1)),
            "for": _records(strongest(study, sign=1)),
        },
        "who": _records(who_says_what(study, words=words)),
        "claims": _records(study.cues if words else study.claims),
        "doubts": _records(study.doubts),
    }


def answer(study: Study) -> dict[str, Any]:
    """Whether a change of belief is stated, possible, or not stated, and then what the reader says instead.

    Examples:
        >>> from analysis import read
        >>> told = answer(read("The soup is awful.", "The soup is a joy, and the author is wrong about it."))
        >>> told["kind"], told["in_words"]
        ('none', 'The reader states no change of belief.')
    """
    rows = {row["answer"]: row for row in study.answers.sort_values("probability").to_dict("records")}
    kind = next(kind for kind in _ANSWERS if kind in rows)
    told: dict[str, Any] = {
        "kind": kind,
        "probability": rows[kind]["probability"],
        "in_words": _ANSWERS[kind],
        "possible": None,
        "told_before": None,
        "says": [],
    }
    if kind == "possible":
        shift = study.possible.to_dict("records")[0]
        told["possible"] = {
            side: {
                "source": shift["source"],
                **{name: _plain(shift[f"{side}_{name}"]) for name in ("text", "start", "end")},
            }
            for side in ("before", "after")
        }
    if kind == "none":
        row = rows[kind]
        if row["before_text"]:
            place = {name: int(row[f"before_{name}"]) for name in ("start", "end")}
            told["told_before"] = {"source": row["source"], "text": row["before_text"], **place}
        told["says"] = _records(said_by_reader(study))
    return told


def said_by_reader(study: Study) -> pd.DataFrame:
    """The strongest sentences in which the reader is for or against something, in their own name.

    Returns:
        Up to three rows with the columns of `STRONGEST_COLUMNS`; the words that carry them are not looked for.
    """
    claims = study.claims[(study.claims["reporter"] == "reader") & (study.claims["holder"] == "reader")]
    best: dict[tuple[str, int], dict[str, Any]] = {}
    for row in sorted(claims.to_dict("records"), key=lambda row: (-abs(row["polarity"]), row["sentence"])):
        best.setdefault((row["source"], row["sentence"]), row)
    rows = [
        (
            rank,
            *(row[name] for name in ("source", "sentence", "start", "end", "text")),
            "",
            row["target"],
            row["polarity"],
            False,
        )
        for rank, row in enumerate(list(best.values())[:_MOST], start=1)
    ]
    return pd.DataFrame(rows, columns=STRONGEST_COLUMNS)


def _shift(study: Study, shift: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {"type": shift["type"], "change": change(shift), "probability": shift["probability"]}
    verdicts = study.verdicts[study.verdicts["shift"] == shift["shift"]].set_index("side")
    for side in ("before", "after"):
        row = verdicts.loc[side]
        told[side] = {
            "belief": belief(study, shift, side),
            **{name: _plain(shift[f"{side}_{name}"]) for name in ("text", "start", "end", "holder", "target", "kind")},
            "source": shift["source"],
            "label": study.label(shift[f"{side}_target"]),
            "polarity": _plain(shift[f"{side}_polarity"]),
            **{name: _plain(row[name]) for name in ("verdict", "rule", "n_for", "n_against", "probability")},
            "strongest": _records(strongest(study, Belief.of(shift, side), nearest_to=(shift["shift"], side))),
        }
    [turn] = study.turns[study.turns["shift"] == shift["shift"]].to_dict("records")
    told["turn"] = {
        "in_words": turn_in_words(study, turn) if not study.author_sentences.empty else "",
        **{name: _plain(turn[f"turn_{name}"]) for name in ("sentence", "start", "end", "position")},
        **{name: _plain(turn[name]) for name in ("lead", "n_before", "n_after", "p_order", "note")},
    }
    return told


def strongest(
    study: Study,
    belief: Belief | None = None,
    *,
    sign: int = 0,
    nearest_to: tuple[int, str] | None = None,
) -> pd.DataFrame:
    """The author's strongest sentences for a belief, or for or against anything.

    Args:
        study: What was read.
        belief: A target and a sign.
        sign: Instead of a belief, 1 for all praise, -1 for all blame.
        nearest_to: A shift and its side: where no sentence is evidence, those that come nearest to the reader's words.

    Returns:
        Up to three rows with the columns of `STRONGEST_COLUMNS`, the strongest first, and of equals the earlier.
        `counted` is false for what is only near: it is no evidence.
    """
    wanted = belief.sign if belief else sign
    # In plain Python: so few rows are sorted faster than a table is made of them.
    best: dict[int, dict[str, Any]] = {}
    for row in sorted(study.evidence.to_dict("records"), key=lambda row: (-abs(row["polarity"]), row["sentence"])):
        if row["sign"] == wanted and (belief is None or row["target"] == belief.target) and len(best) < _MOST:
            best.setdefault(row["sentence"], row)
    told_in = next(iter(study.sources))
    cues = study.carried(row["claim"] for row in best.values())
    found = []
    for rank, row in enumerate(best.values(), start=1):
        [told] = study.sentences[
            (study.sentences["source"] == told_in) & (study.sentences["sentence"] == row["sentence"])
        ].to_dict("records")
        cue = cues.loc[row["claim"], "cue"]
        place = (told_in, *(told[name] for name in ("sentence", "start", "end", "text")))
        found.append((rank, *place, cue, row["target"], row["polarity"], True))
    if not found and nearest_to is not None:
        shift, side = nearest_to
        near = study.alignment[(study.alignment["shift"] == shift) & (study.alignment["side"] == side)]
        found = [
            (*(row[name] for name in STRONGEST_COLUMNS[:6]), row["words"], "", math.nan, False)
            for row in near.to_dict("records")
        ]
    return pd.DataFrame(found, columns=STRONGEST_COLUMNS)


def who_says_what(study: Study, *, words: bool = False) -> pd.DataFrame:
    """Who says what about whom: a row for each holder and target, with the columns of `WHO_COLUMNS`.

    `n` claims, of them `n_for` and `n_against`; `polarity` is their mean, `words` are the commonest that carry them,
    where they are asked for.

    Examples:
        >>> from analysis import read
        >>> who_says_what(read("Soup is good. Soup is bad. I hate soup."))[["target", "n", "n_against"]].values.tolist()
        [['soup', 3, 2]]
    """
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for claim in (study.cues if words else study.claims).to_dict("records"):
        groups.setdefault((claim["holder"], claim["target"]), []).append(claim)
    rows = []
    for (holder, target), own in sorted(groups.items(), key=lambda group: -len(group[1])):
        carrying = Counter(claim["cue"].lower() for claim in own if words)
        polarities = [float(claim["polarity"]) for claim in own]
        counts = (len(own), sum(polarity > 0 for polarity in polarities), sum(polarity < 0 for polarity in polarities))
        shown = ", ".join(word for word, _ in carrying.most_common(_MOST_WORDS))
        rows.append((holder, target, study.label(target), *counts, sum(polarities) / len(own), shown))
    return pd.DataFrame(rows, columns=WHO_COLUMNS)


def sentence(words: str) -> str:
    """Words with a capital and a full stop.

    Examples:
        >>> sentence("the reader was against it")
        'The reader was against it.'
    """
    return f"{words[:1].upper()}{words[1:]}."


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): _plain(value) for name, value in row.items()} for row in table.to_dict("records")]


def _plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 6)
    return value


def turn_in_words(study: Study, turn: Mapping[str, Any]) -> str:
    """Where the author's sentences pass from one belief to the other, and how firmly; or that they never do, and why.

    Examples:
        >>> from analysis import read
        >>> study = read("Soup is bad.", "I thought the author hated soup. Then I realised that she loves soup.")
        >>> turn_in_words(study, study.turns.iloc[0].to_dict())
        "By the program's count the essay never turns: 1 of its sentences is against soup, and 0 are for soup."
    """
    [shift] = study.shifts[study.shifts["shift"] == turn["shift"]].to_dict("records")
    if math.isnan(turn["lead"]):
        return f"By the program's count the essay never turns: {turn['note']}."
    labels = {shift[f"{side}_target"]: study.label(shift[f"{side}_target"]) for side in ("before", "after")}
    counts = ", and ".join(
        f"{turn[f'n_{side}']} {of}{'is' if turn[f'n_{side}'] == 1 else 'are'} {view(shift, side, labels)}"
        for side, of in (("before", "of its sentences "), ("after", ""))
    )
    if math.isnan(turn["turn_sentence"]):
        return f"By the program's count the essay never turns: {counts}."
    own = study.author_sentences
    text = own.loc[own["sentence"] == turn["turn_sentence"], "text"].iloc[0]
    shuffled = (
        ""
        if math.isnan(turn["p_order"])
        else " Shuffling its sentences changes nothing, so do not lean on where it turns."
        if turn["p_order"] > _ANY_ORDER
        else f" Shuffled, they turn as late and as clearly {turn['p_order']:.0%} of the time."
    )
    return (
        f"By the program's count the essay turns at sentence {turn['turn_sentence']:.0f}, “{text}”: {counts}.{shuffled}"
    )
