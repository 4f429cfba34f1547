"""Finds who says what about which target: runs the rules over the parse and adds holder, hedge and time.

Every claim names the rule that found it and the words that show it. A mention of a target without an opinion word that
a rule ties to it is no claim.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from spacy.tokens import Token

from analysis.lexicon import Lexicon
from analysis.mentions import UNREAD, Entity, References, is_person
from analysis.parsing import Sentence
from analysis.rules import Rule, clause, subject_of
from analysis.sentiment import OpinionWord, opinion_words

_PRESCRIBING = frozenset({"should", "must", "ought", "shall"})
_QUOTES = frozenset('"“”«»') | {"``", "''"}
_FUTURE = frozenset({"will", "’ll", "'ll", "shall", "gon", "wo"})

# Families whose words name their holder and their target: nothing else is said with them.
_HELD = ("attitude.", "experiencer.")

CLAIM_COLUMNS = (
    "source sentence start end text reporter holder target target_text target_start target_end cue cue_start cue_end"
    " kind polarity negated hedge time rule"
).split()


@dataclass(frozen=True)
class Claim:
    """Somebody says something about a target.

    Offsets are characters of the source's cleaned text. `holder` is whose attitude it is, `reporter` the voice that
    says so; `polarity` runs from -1 to 1.
    """

    sentence: int
    start: int
    end: int
    reporter: str
    holder: str
    target: str
    target_start: int
    target_end: int
    cue_start: int
    cue_end: int
    kind: str
    polarity: float
    negated: bool
    hedge: str
    time: str
    rule: str


_OWN_COLUMNS = tuple(column for column in CLAIM_COLUMNS if column in Claim.__dataclass_fields__)


@dataclass(frozen=True)
class _Setting:
    """What holds for all that is said with a cue: when, how firmly, and through whose words."""

    time: str
    hedge: str
    prescribed: bool
    attributed_to: tuple[Token, ...]


def find_claims(
    sentences: Iterable[Sentence], references: References, lexicon: Lexicon, rules: Sequence[Rule]
) -> tuple[Claim, ...]:
    """Run all rules over the sentences of one text.

    Args:
        sentences: All sentences of the text.
        references: What each of its nouns and pronouns stands for.
        lexicon: The lists.
        rules: The rules, the more specific first.

    Returns:
        The claims, in the order of the sentences, of the cues, and of the targets.
    """
    by_frame: dict[str, list[Rule]] = {}
    for rule in rules:
        for frame in rule.frames:
            by_frame.setdefault(frame, []).append(rule)
    weakest = any(rule is clause.RULE for rule in rules)
    found = [
        claim
        for sentence in sentences
        if sentence.passage.paragraph.role not in UNREAD
        for claim in _claims_of(sentence, references, lexicon, by_frame, weakest=weakest)
    ]
    return tuple(sorted(found, key=lambda claim: (claim.sentence, claim.cue_start, claim.target_start)))


def claim_rows(text: str, source: str, claims: Iterable[Claim]) -> list[dict[str, Any]]:
    """A row for each claim, by column of `CLAIM_COLUMNS`."""
    return [
        {
            **{column: getattr(claim, column) for column in _OWN_COLUMNS},
            "source": source,
            "text": text[claim.start : claim.end],
            "target_text": text[claim.target_start : claim.target_end],
            "cue": text[claim.cue_start : claim.cue_end],
        }
        for claim in claims
    ]


def claims_table(text: str, source: str, claims: Sequence[Claim]) -> pd.DataFrame:
    """One row a claim, with the columns of `CLAIM_COLUMNS`; the same columns when there is none."""
    return pd.DataFrame(claim_rows(text, source, claims), columns=CLAIM_COLUMNS)


def _claims_of(
    sentence: Sentence,
    references: References,
    lexicon: Lexicon,
    by_frame: Mapping[str, Sequence[Rule]],
    *,
    weakest: bool,
) -> list[Claim]:
    """The claims of one sentence; `by_frame` are the rules that a word of each frame may be the cue of."""
    found: list[Claim] = []
    words = [word for word in opinion_words(sentence.span, lexicon) if not _is_supposed(word.token)]
    if not words:
        return found
    asks = _asks(sentence)
    held: set[int] = set()
    for word in words:
        cue = word.token
        taken: set[str] = set()
        setting: _Setting | None = None
        for rule in by_frame.get(word.entry.frame, ()):
            if asks and rule.name != "modifier.adjective":
                continue  # "have you met our charming vicar?" asks, and still calls him charming
            # A word that says whom its subject likes says nothing good or bad of the subject.
            holds = rule.name.startswith(_HELD)
            # And one that is said of something does not colour others too.
            if (cue.i in held and not holds) or (rule.weight < 1 and taken):
                continue
            for walk in rule.targets(cue):
                if holds:
                    held.add(cue.i)
                for target in _shown_with(walk[-1]):
                    entity = references.entity(target)
                    if entity is None or entity.key is None or entity.key in taken or cue.i in entity.told_by:
                        continue
                    sign = rule.sign * rule.weight * _composed(rule, walk, lexicon)
                    if not sign or (rule.of_persons and not is_person(target)):
                        continue
                    taken.add(entity.key)
                    setting = setting or _setting(cue, lexicon)
                    found.append(_claim(rule, (*walk[:-1], target), word, sign, entity, sentence, references, setting))
    if weakest and references.looked_for and not asks:
        free = [word for word in words if word.token.i not in held]
        found += _partakers(sentence, free, {claim.target for claim in found}, references, lexicon)
    return found


def _partakers(
    sentence: Sentence, words: Sequence[OpinionWord], told: set[str], references: References, lexicon: Lexicon
) -> Iterator[Claim]:
    """Claims of the weakest rule, about those in the sentence of whom nothing else is told."""
    for target in sentence.span:
        entity = references.entity(target)
        if entity is None or entity.key is None or entity.key in told or entity.how == "first person":
            continue
        if not is_person(target):
            continue
        for word in words:
            if word.token.i not in entity.told_by and clause.tied(word.token, target):
                walk, setting = (word.token, target), _setting(word.token, lexicon)
                yield _claim(clause.RULE, walk, word, clause.RULE.weight, entity, sentence, references, setting)


def _shown_with(target: Token) -> Iterator[Token]:
    """The target, those joined to it behind, and the owner of a thing: "his remarks were rude" tells of him too."""
    yield target
    yield from (joined for joined in target.conjuncts if joined.i > target.i)
    if target.pos_ == "NOUN" and not is_person(target):
        yield from (child for child in target.children if child.dep_ == "poss")


def _composed(rule: Rule, walk: tuple[Token, ...], lexicon: Lexicon) -> int:
    """How the verb on the way from a noun to the doer turns its light.

    Whoever fights a bad thing does good (Moilanen and Pulman 2007, RANLP, section 3); whoever hates one tells us of
    the thing and not of themself, which is then no claim: 0.
    """
    if not rule.name.startswith("deed.object"):
        return 1
    verb = next((token for token in walk[1:-1] if token.pos_ == "VERB"), None)
    entry = lexicon.opinion(verb) if verb is not None else None
    if entry is None:
        return 1
    if entry.frame in {"subject-experiencer", "object-experiencer", "attitude", "preference"}:
        return 0
    return -1 if entry.polarity < 0 else 1


def _is_supposed(cue: Token) -> bool:
    """Whether the cue stands in the condition of a sentence, which nobody claims: "if the bread is stale, ..."."""
    for governor in governors(cue):
        if governor.dep_ in {"advcl", "ccomp"} and any(
            child.dep_ == "mark" and child.lower_ in {"if", "unless", "whether"} for child in governor.children
        ):
            return True
    return False


def _asks(sentence: Sentence) -> bool:
    """Whether a sentence asks and so claims nothing: "Is the soup good?".

    Only questions that begin with a verb are meant. One that begins with "who needs" is left to its rule, and one
    behind a statement says what the statement says.
    """
    if not sentence.text.rstrip("\"'”’)» ").endswith("?"):
        return False
    words = [token for token in sentence.span if not token.is_punct and not token.is_space]
    if not words:
        return False
    first = next((word for word in words if word.pos_ not in {"CCONJ", "ADV", "INTJ"}), words[0])
    # "Isn't it lovely?" expects a yes (Quirk et al. 1985, section 11.7).
    denied = first.i + 1 < sentence.span.end and first.nbor().dep_ == "neg"
    return (first.pos_ == "AUX" or first.tag_ == "MD") and not denied


def _claim(
    rule: Rule,
    walk: tuple[Token, ...],
    word: OpinionWord,
    sign: float,
    entity: Entity,
    sentence: Sentence,
    references: References,
    setting: _Setting,
) -> Claim:
    cue = word.token
    base = sentence.passage.paragraph.start
    speaker = sentence.passage.paragraph.speaker
    target = walk[-1]
    # A relative pronoun stands for a phrase that may hold the whole clause: point to the word itself then.
    target_start, target_end = (
        (entity.start, entity.end)
        if entity.head.i == target.i
        else (base + target.idx, base + target.idx + len(target))
    )
    holder = subject_of(cue if cue.pos_ == "VERB" else _clause(cue)) if rule.subject_holds else None
    if rule.object_holds:
        holder = next((child for child in cue.children if child.dep_ == "dobj"), None)
    parts = [*walk, *word.negators, *([holder] if holder is not None else [])]
    parts = [part for part in parts if sentence.span.start <= part.i < sentence.span.end]
    kind = word.entry.kind
    if setting.prescribed:
        kind = "prescription"
    elif rule.name.startswith("deed."):
        # What somebody does is told, and what they will do is expected of them.
        kind = "expectation" if setting.time == "future" else "description"
    return Claim(
        sentence=sentence.number,
        start=min(target_start, *(base + part.idx for part in parts)),
        end=max(target_end, *(base + part.idx + len(part) for part in parts)),
        reporter=speaker,
        # What should be is held by whoever says so, not by those who should.
        holder=_holder(None if kind == "prescription" else holder, cue, sentence, references, setting),
        target=entity.key or "",
        target_start=target_start,
        target_end=target_end,
        cue_start=base + cue.idx,
        cue_end=base + cue.idx + len(cue),
        kind=kind,
        polarity=round(word.score * sign, 4),
        negated=word.negated,
        hedge=setting.hedge,
        time=setting.time,
        rule=rule.name,
    )


def _setting(cue: Token, lexicon: Lexicon) -> _Setting:
    attributed_to = tuple(attributions(cue, lexicon))
    hedges = _hedges(cue, attributed_to, lexicon)
    return _Setting(
        time=_time(cue, attributed_to, lexicon),
        hedge=" ".join(token.text for token in hedges),
        prescribed=_is_prescribed(cue),
        attributed_to=attributed_to,
    )


def governors(token: Token) -> Iterator[Token]:
    """The token and all that governs it, up to the root of its sentence."""
    yield token
    yield from token.ancestors


def _clause(token: Token) -> Token:
    """The verb of the clause that a word stands in; the word itself if there is none."""
    return next((governor for governor in governors(token) if governor.pos_ in {"VERB", "AUX"}), token)


def _holder(explicit: Token | None, cue: Token, sentence: Sentence, references: References, setting: _Setting) -> str:
    """Whose attitude it is: the holder that the rule names, else the nearest verb's subject."""
    quoted = _is_quoted(cue, sentence)
    if explicit is not None and not (quoted and explicit.lower_ in {"i", "we"}):
        return _who(explicit, references)
    for verb in setting.attributed_to:
        subject = subject_of(verb)
        if subject is not None:
            return _who(subject, references)
    for governor in governors(cue):
        for child in governor.children:
            # "According to my doctor, ..."
            if child.lower_ == "according":
                named = [word for word in child.subtree if word.dep_ == "pobj"]
                return _who(named[0], references) if named else "other"
    return sentence.passage.paragraph.speaker if explicit is None else _who(explicit, references)


def attributions(cue: Token, lexicon: Lexicon) -> Iterator[Token]:
    """The verbs of belief or speech in whose clause a token stands, the nearest first."""
    path = list(governors(cue))
    for below, verb in itertools.pairwise(path):
        if below.dep_ in {"ccomp", "xcomp"} and lexicon.belief(verb):
            yield verb


def _is_quoted(cue: Token, sentence: Sentence) -> bool:
    """Whether a word stands between quotation marks of its sentence."""
    if _QUOTES.isdisjoint(sentence.text):
        return False
    return sum(token.text in _QUOTES for token in sentence.span if token.i < cue.i) % 2 == 1


def _who(token: Token, references: References) -> str:
    entity = references.entity(token)
    return "other" if entity is None else entity.who


def _is_prescribed(cue: Token) -> bool:
    return any(
        child.dep_ == "aux" and child.lower_ in _PRESCRIBING for verb in _own_clause(cue) for child in verb.children
    )


def _own_clause(token: Token) -> Iterator[Token]:
    """The token and its governors up to the verb of its clause."""
    for governor in governors(token):
        yield governor
        if governor.pos_ in {"VERB", "AUX"} and governor.dep_ != "xcomp":
            return


def _time(cue: Token, attributed_to: Sequence[Token], lexicon: Lexicon) -> str:
    """Past, present or future: by the verb of the clause, and past too where the belief itself is past."""
    if any(_tense(verb) == "past" and _is_mere_belief(verb, lexicon) for verb in attributed_to):
        return "past"
    verb = list(_own_clause(cue))[-1]
    while verb.pos_ not in {"VERB", "AUX"} and verb.head.i != verb.i:
        verb = verb.head
    return _tense(verb)


def _is_mere_belief(verb: Token, lexicon: Lexicon) -> bool:
    belief = lexicon.belief(verb)
    return belief is not None and belief.sort == "belief"


def _tense(verb: Token) -> str:
    helpers = [child for child in verb.children if child.dep_ in {"aux", "auxpass"}]
    if any(helper.lower_ in _FUTURE for helper in helpers) or verb.lower_ in _FUTURE:
        return "future"
    used_to = verb.dep_ == "xcomp" and verb.head.lower_ == "used"
    if used_to or any(helper.tag_ == "VBD" or helper.lower_ in {"used", "had"} for helper in helpers):
        return "past"
    if verb.tag_ == "VBD" and verb.lower_ not in {"'s", "’s"}:
        return "past"
    return "present"


def _hedges(cue: Token, attributed_to: Sequence[Token], lexicon: Lexicon) -> list[Token]:
    """The words by which the clause of the cue, or one that governs it, is held less than firmly."""
    found: set[Token] = set()
    for governor in governors(cue):
        found |= {child for child in governor.children if child.lower_ in lexicon.hedges}
        if governor.lemma_.lower() in lexicon.hedges and governor.i != cue.i:
            found.add(governor)
        # "The plan is good if both agree"
        conditions = (child for child in governor.children if child.dep_ == "advcl")
        found |= {mark for child in conditions for mark in child.children if mark.lower_ in {"if", "unless"}}
    # "I think it is ugly" is less than "it is ugly"; "I thought so" is a belief given up.
    for verb in attributed_to:
        subject = subject_of(verb)
        if (
            subject is not None
            and subject.lower_ == "i"
            and _is_mere_belief(verb, lexicon)
            and _tense(verb) == "present"
        ):
            found |= {subject, verb}
    return sorted(found, key=lambda token: token.i)
