"""Finds changes of belief that are stated in the usual words, by grammar: the second voice beside the network.

A writer who has changed their mind tells two beliefs: one that they held ("I thought she disliked gardening") and one
that they came to ("then I saw that she only minds the committee"). `reports.py` finds the halves; here they are joined
into shifts. One half at least must be unmistakable: "I thought it was dull" alone may be a verdict, and "but it was
dull" alone a contrast.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Token

from analysis.claims import Claim
from analysis.grammar import subject_of
from analysis.lexicon import Lexicon
from analysis.mentions import UNREAD
from analysis.parsing import Sentence
from analysis.reports import Report, find_reports
from analysis.reports.after import content, ending, evaluation
from analysis.reports.frame import WRITER, WRITER_AS_OBJECT

# A belief and what came of it are told close together; further apart they belong to different matters.
_FARTHEST = 3  # sentences
_SUPPOSITIONS = frozenset(
    f"before.{verb}"
    for verb in ("assume", "suppose", "presume", "figure", "imagine", "picture", "state", "noun", "classing")
)
# Words of degree, by what they do to an adjective (Quirk et al. 1985, sections 8.104 to 8.107); the tags are those of
# superlatives.
_AMPLIFIERS = frozenset("absolutely completely downright even totally truly utterly most JJS RBS".split())
_DOWNTONERS = frozenset("bit fairly little merely mildly only partly pretty quite rather slightly somewhat".split())
_IN_FACT = frozenset({"instead", "actually", "in fact", "in reality"})
_OWN = WRITER | WRITER_AS_OBJECT | {"my", "our"}
_THIRD_PERSON = frozenset({"it", "he", "she", "they", "this", "that"})

_FARTHEST_BACK = 1  # where what came of it is told first

# Strengths nearer than this are the same strength.
_SAME = 0.1


@dataclass(frozen=True)
class Half:
    """One half of a shift: the report, the claim in it if there is one, and its sign (0 if unknown).

    `renamed` says that the claim's target is what a pronoun is said to be ("it is a good book"), and so that pronoun's.
    """

    report: Report
    claim: Claim | None
    sign: int
    renamed: bool = False

    @property
    def strength(self) -> float:
        """How strong the claim is, 0 to 1, with words of degree counted in; NaN without one."""
        if self.claim is None:
            return math.nan
        words = [token for token in self.report.sentence.span if self.report.first.i <= token.i <= self.report.last.i]
        degrees = {word.lower_ for word in words} | {word.tag_ for word in words}
        factor = (1.4 if degrees & _AMPLIFIERS else 1.0) * (0.6 if degrees & _DOWNTONERS else 1.0)
        return min(1.0, abs(self.claim.polarity) * factor)


@dataclass(frozen=True)
class Move:
    """A stated change of belief: the report before, the report after, and its type."""

    before: Half
    after: Half
    type: str


def find_moves(sentences: Sequence[Sentence], claims: Sequence[Claim], lexicon: Lexicon) -> tuple[Move, ...]:
    """Find the changes of belief that the reader states of themself.

    Args:
        sentences: All sentences of one text.
        claims: The claims in them.
        lexicon: The lists.
    """
    told = [
        sentence
        for sentence in sentences
        if sentence.passage.paragraph.speaker == "reader" and sentence.passage.paragraph.role not in UNREAD
    ]
    reports = find_reports(told, lexicon)
    if not reports:
        return ()
    sides = _Sides(told, reports, claims, lexicon)
    befores = [report for report in reports if report.phase == "before"]
    pairs: list[tuple[float, int, int, Half, Half]] = []
    for before in befores:
        one = sides.of(before)
        number = before.sentence.number
        firm = [
            (_cost(before, after), after)
            for apart in range(-_FARTHEST_BACK, _FARTHEST + 1)
            for after in sides.reports_in(number + apart)
            if after.phase == "after" and (before.firm or after.firm) and _is_near(before, after)
        ]
        options = [(cost, sides.with_content(after, before)) for cost, after in firm]
        options += [(2.5, sides.of(after)) for after in [ending(before, lexicon)] if after is not None]
        if before.firm:
            options += sides.evaluations(one)
            options += sides.plain_fact(one)
            options += sides.evaluations_before(one)
        for cost, other in options:
            if not sides.is_same(one, other) and not sides.is_another_matter(one, other):
                pairs.append((cost, before.start, other.report.start, one, other))
    moves: list[Move] = []
    used: list[Report] = []
    for _, _, _, one, other in sorted(pairs, key=lambda pair: pair[:3]):
        if any(report.overlaps(done) for report in (one.report, other.report) for done in used):
            continue
        used += [one.report, other.report]
        moves.append(Move(one, other, shift_type(one, other)))
    return tuple(sorted(moves, key=lambda move: move.before.report.start))


def shift_type(before: Half, after: Half) -> str:
    """The type of a change, from the two claims, or the signs of their words.

    `retargeting`: same sign, other target. `reversal`: same target, other sign. `softening` and `strengthening`: same
    target and sign, other strength. `replacement`: all else. Where only one side is known to be for or against, a
    stated change has turned it round (Hatzivassiloglou and McKeown 1997, ACL 35, section 3: what is joined by "but"
    differs in orientation).
    """
    if after.report.bare:
        return "reversal"
    same = _is_same_thing(before, after) and before.sign == after.sign
    if after.report.rule == "after.denial" and (before.sign or after.sign) and not same:
        return "reversal"
    if after.report.rule == "after.comparison" and any(
        word.lower_ == "even" and word.i < after.report.anchor.i for word in after.report.sentence.span
    ):
        return "strengthening"
    if not before.sign and not after.sign:
        return "replacement"
    same_sign = before.sign == after.sign
    if before.claim is None or after.claim is None:
        return "replacement" if same_sign else "reversal"
    if not _is_same_thing(before, after):
        return "retargeting" if same_sign else "reversal"
    if not same_sign:
        return "reversal"
    change = after.strength - before.strength
    if abs(change) < _SAME:
        return "replacement"
    return "strengthening" if change > 0 else "softening"


def _is_same_thing(before: Half, after: Half) -> bool:
    one, other = before.claim, after.claim
    return one is not None and other is not None and (one.target == other.target or after.renamed)


class _Sides:
    """Looks up what the reports of a text say."""

    def __init__(
        self, told: Sequence[Sentence], reports: Sequence[Report], claims: Sequence[Claim], lexicon: Lexicon
    ) -> None:
        self.told = told
        self.lexicon = lexicon
        # By sentence: a long text has thousands of each.
        self._reports: dict[int, list[Report]] = {}
        for report in reports:
            self._reports.setdefault(report.sentence.number, []).append(report)
        self._claims: dict[int, list[Claim]] = {}
        for claim in claims:
            self._claims.setdefault(claim.sentence, []).append(claim)
        self._opinions: dict[int, list[tuple[Token, Claim]]] = {}
        self.place = {sentence.number: index for index, sentence in enumerate(told)}

    def reports_in(self, sentence: int) -> list[Report]:
        """The reports of a sentence."""
        return self._reports.get(sentence, [])

    def of(self, report: Report) -> Half:
        """The report with its strongest claim, and its sign by claim, turn of phrase, or words."""
        base = report.sentence.passage.paragraph.start
        # What believing it says of the writer is not what the writer believes.
        own = {base + token.idx for token in report.sentence.span if token.i < report.anchor.i and token.lower_ in _OWN}
        inside = [
            (target, claim)
            for target, claim in self.opinions(report.sentence)
            if report.first.i <= target.i <= report.last.i and base + target.idx not in own
        ]
        # What somebody in the clause is said to hold comes first, and what the clause itself is about before its parts.
        target, claim = min(
            inside,
            key=lambda found: (
                found[1].holder == found[1].reporter,
                sum(1 for _ in found[0].ancestors),
                -abs(found[1].polarity),
            ),
            default=(None, None),
        )
        if claim is not None and target is not None:
            return Half(report, claim, 1 if claim.polarity > 0 else -1, _renames(target))
        return Half(report, None, report.lean)

    def opinions(self, sentence: Sentence) -> list[tuple[Token, Claim]]:
        """The claims of a sentence, each with the head of its mention."""
        if sentence.number not in self._opinions:
            base = sentence.passage.paragraph.start
            claims = self._claims.get(sentence.number, [])
            self._opinions[sentence.number] = [
                (_head(sentence, claim.target_start - base, claim.target_end - base), claim) for claim in claims
            ]
        return self._opinions[sentence.number]

    def with_content(self, after: Report, before: Report) -> Half:
        """What a bare "I was wrong" stands for: the clause behind it that says what is so instead, if there is one."""
        if not after.bare:
            return self.of(after)
        own = content(after.sentence, self.lexicon, behind=after.last.i)
        doc = after.sentence.span.doc
        told = {token.pos_ for token in doc[own[0].i : own[1].i + 1]} if own is not None else set()
        whole = "VERB" in told or ("AUX" in told and bool(told & {"NOUN", "ADJ", "PROPN"}))
        if own is not None and whole and own[0].i > after.last.i and not self._tells_before(after.sentence, *own):
            return self.of(replace(after, first=own[0], last=own[1], bare=False))
        following = self.place[after.sentence.number] + 1
        if following < len(self.told) and self.told[following].number == after.sentence.number + 1:
            sentence = self.told[following]
            found = content(sentence, self.lexicon)
            apart = sentence.number == before.sentence.number or self._tells_before(
                sentence, sentence.span[0], sentence.span[-1]
            )
            if (
                found is not None
                and not apart
                and self._tells_what_is(*found)
                and not _disclaims(sentence)
                and not sentence.text.rstrip().endswith("?")
            ):
                return self.of(replace(after, sentence=sentence, first=found[0], last=found[1], bare=False))
        return self.of(after)

    def _tells_before(self, sentence: Sentence, first: Token, last: Token) -> bool:
        return any(
            report.phase == "before" and first.i <= report.anchor.i <= last.i
            for report in self.reports_in(sentence.number)
        )

    def _tells_what_is(self, first: Token, last: Token) -> bool:
        """Whether a clause says what is so, or what the writer feels, rather than what they did or will do."""
        if first.lower_ not in {"i", "we"}:
            return True
        verb = next(
            (
                token
                for token in first.doc[first.i : last.i + 1]
                if token.pos_ in {"VERB", "AUX"} and token.dep_ not in {"aux", "auxpass"}
            ),
            first,
        )
        entry = self.lexicon.verb(verb)
        return entry is not None and entry.polarity != 0

    def evaluations(self, before: Half) -> Iterator[tuple[float, Half]]:
        """Opinions behind a belief that is over, which go against it though no word of news says so."""
        report = before.report
        at = self.place[report.sentence.number]
        for distance, sentence in enumerate(self.told[at : at + 4]):
            if sentence.number - report.sentence.number != distance:
                return
            if sentence.text.rstrip().endswith("?"):
                continue
            contrast = _contrast_in(sentence, self.lexicon, after=report.last.i if distance == 0 else -1)
            felt = report.rule.endswith(("state", "feeling"))
            if distance >= 2 and contrast is None and before.sign == 0 and not felt:
                continue
            for target, claim in self.opinions(sentence):
                sign = 1 if claim.polarity > 0 else -1
                if distance == 0 and target.i < (contrast or report.last).i:
                    continue
                joined = contrast is not None and contrast.i < target.i
                against = before.sign * sign < 0 or (before.sign == 0 and (joined or _is_felt_now(target)))
                if not against:
                    continue
                found = evaluation(sentence, target, self.lexicon)
                if (
                    any(found.overlaps(other) for other in self.reports_in(sentence.number))
                    or found.last.i - found.first.i < 2
                ):
                    continue
                if not joined and not self._tells_what_is(found.first, found.last):
                    continue
                side = self.of(found)
                if side.sign * sign > 0:
                    yield 3.0 + distance, side
                    break

    def evaluations_before(self, before: Half) -> Iterator[tuple[float, Half]]:
        """An opinion that a past perfect belief goes behind: "It is a gem. I had thought it would be crude"."""
        report = before.report
        if not any(child.dep_ == "aux" and child.lower_ in {"had", "’d", "'d"} for child in report.anchor.children):
            return
        at = self.place[report.sentence.number]
        for sentence in (report.sentence, *self.told[max(at - 1, 0) : at]):
            own = sentence.number == report.sentence.number
            for target, claim in self.opinions(sentence):
                if (own and target.i > report.first.i) or before.sign * claim.polarity > 0:
                    continue
                found = evaluation(sentence, target, self.lexicon)
                clear = not any(found.overlaps(other) for other in self.reports_in(sentence.number))
                if clear and self._tells_what_is(found.first, found.last):
                    yield 4.0 + (not own), self.of(found)
                    return

    def plain_fact(self, before: Half) -> Iterator[tuple[float, Half]]:
        """The next sentence where it tells of what was supposed: "I assumed that he was ill. He's well".

        To tell what one assumed, and then to tell of it in the present or past without more, denies it: else there
        were no need to tell the assumption (Grice 1975, the maxim of quantity).
        """
        report = before.report
        if report.rule not in _SUPPOSITIONS or not report.firm:
            return
        at = self.place[report.sentence.number] + 1
        following = self.told[at : at + 1]
        nouns = {token.lower_ for token in report.sentence.span if token.pos_ in {"NOUN", "PROPN"}}
        for sentence in (report.sentence, *following):
            own = sentence.number == report.sentence.number
            if sentence.number > report.sentence.number + 1 or sentence.text.rstrip().endswith("?"):
                return
            words = [token for token in sentence.span if not token.is_punct and not token.is_space]
            if own:
                words = [token for token in words if token.i > report.last.i]
                if not words or words[0].nbor(-1).text not in {";", "—", "–", "-"}:
                    continue
            if not words or any(other.last.i >= words[0].i for other in self.reports_in(sentence.number)):
                return
            verb = next((token for token in words if token.pos_ in {"VERB", "AUX"}), None)
            same = words[0].lower_ in _THIRD_PERSON or words[0].lower_ in nouns
            told = same and verb is not None and verb.lemma_.lower() in {"be", "have"}
            opener = " ".join(token.lower_ for token in words[:2])
            set_against = opener.split()[0] in _IN_FACT or opener in _IN_FACT
            if verb is not None and (told or (set_against and not own)):
                found = content(sentence, self.lexicon, behind=words[0].i - 1)
                if found is not None and found[1].i > verb.i:
                    yield 5.0, self.of(Report("after", sentence, verb, *found, "after.plain_fact", firm=False))
                    return

    def is_same(self, before: Half, after: Half) -> bool:
        """Whether what came of a belief is that belief: "I expected it to be good, and it was"."""
        span = after.report.sentence.span
        together = after.report.sentence.number == before.report.sentence.number
        low = min(before.report.last.i, after.report.last.i) if together else span.start - 1
        words = [token for token in span if low < token.i <= after.report.last.i]
        if not together:
            # "I thought it would be dull, and I was not wrong. ..."
            words = [token for token in before.report.sentence.span if token.i > before.report.last.i] + words
        text = " ".join(token.lower_ for token in words)
        if any(f" {cue} " in f" {text} " for cue in self.lexicon.changes["same"]):
            return True
        surely = {"after.comparison", "after.denial", "after.change_of_mind", "after.cleft", "after.come_to"}
        if after.report.rule in surely or before.report.rule == "before.used_to":
            return False
        if after.report.rule == "after.now" and after.report.firm and before.report.firm:
            return False  # then and now are told apart to be told apart
        same_sign = before.sign * after.sign > 0
        one, other = before.claim, after.claim
        if one is not None and other is not None:
            if (one.target, one.holder) != (other.target, other.holder):
                return False
            same_sign = same_sign and abs(before.strength - after.strength) < _SAME
        if after.report.rule == "after.news" and not together and (one is None or other is None):
            return False
        return same_sign and _contrast_in(span, self.lexicon, after=low) is None

    def is_another_matter(self, before: Half, after: Half) -> bool:
        """Whether what turned out has nothing to do with a mere "I thought": a sentence on, of another thing."""
        apart = before.report.sentence.number != after.report.sentence.number
        if before.report.firm or after.report.rule != "after.turn_out" or not apart:
            return False
        one, other = before.claim, after.claim
        span = after.report.sentence.span
        joined = _contrast_in(span, self.lexicon, after=span.start - 1) is not None
        return one is not None and other is not None and one.target != other.target and not joined


def _is_near(before: Report, after: Report) -> bool:
    apart = after.sentence.number - before.sentence.number
    if not before.firm and (apart < 0 or (apart == 0 and after.first.i < before.first.i)):
        return False  # a verdict behind a piece of news: "I found it long. I thought the end was the best of it."
    if apart == 0 and after.first.i < before.first.i:
        return after.last.i <= before.first.i + 1
    return -_FARTHEST_BACK <= apart <= _FARTHEST and not (apart == 0 and before.overlaps(after))


def _cost(before: Report, after: Report) -> float:
    """How unlikely two reports belong together: by distance, order, and how firm each is."""
    apart = after.sentence.number - before.sentence.number
    backwards = apart < 0 or (apart == 0 and after.first.i < before.first.i)
    return (
        abs(apart)
        + 1.5 * backwards
        + 0.8 * (not before.firm)
        + 0.5 * before.rule.endswith("appearance")
        + 1.0 * (not after.firm)
        + 0.5 * after.bare
    )


def _contrast_in(sentence: Sentence | object, lexicon: Lexicon, *, after: int) -> Token | None:
    """The first word of contrast behind a token."""
    span = sentence.span if isinstance(sentence, Sentence) else sentence
    return next((token for token in span if token.i > after and token.lower_ in lexicon.changes["contrast"]), None)  # type: ignore[attr-defined]


def _is_felt_now(word: Token) -> bool:
    """Whether a word is a present feeling of the writer's: "I love it"."""
    subject = subject_of(word) if word.pos_ == "VERB" and word.tag_ == "VBP" else None
    return subject is not None and subject.lower_ in {"i", "we"}


def _renames(target: Token) -> bool:
    """Whether a noun says what a pronoun is, as in "it is a good book", but not "it is the book that is good"."""
    while target.dep_ in {"compound", "det", "amod"}:
        target = target.head
    cleft = any(child.dep_ == "relcl" for child in target.children)
    subject = subject_of(target.head) if target.dep_ == "attr" and not cleft else None
    return subject is not None and subject.lower_ in _THIRD_PERSON


def _disclaims(sentence: Sentence) -> bool:
    """Whether a sentence says what is not meant: "Don't get me wrong, ..."."""
    words = [token.lower_ for token in sentence.span][:6]
    return "wrong" in words and "me" in words


def _head(sentence: Sentence, start: int, end: int) -> Token:
    """The word that heads a mention, given by its characters in the paragraph's `Doc`."""
    span = sentence.passage.doc.char_span(start, end, alignment_mode="expand")
    assert span is not None  # a claim's mention is in its sentence
    return span.root
