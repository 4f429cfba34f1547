"""Finds who says what about which target: runs the rules over the parse and adds holder, hedge and time.

Every claim names the rule that found it and the words that show it. A mention of a target without an opinion word that
a rule ties to it is no claim.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from spacy.matcher import DependencyMatcher
from spacy.tokens import Doc, Token

from analysis.lexicon import Lexicon
from analysis.mentions import UNREAD, Entity, References
from analysis.parsing import Sentence
from analysis.rules import Rule, all_rules
from analysis.sentiment import OpinionWord, opinion_word

_PRESCRIBING = frozenset({"should", "must", "ought", "shall"})
_FUTURE = frozenset({"will", "’ll", "'ll", "shall", "gon", "wo"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "expl"})

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


def find_claims(sentences: Sequence[Sentence], references: References, lexicon: Lexicon) -> tuple[Claim, ...]:
    """Run all rules over the sentences of one text.

    Returns:
        The claims, in the order of the sentences, of the cues, and of the targets.
    """
    if not sentences:
        return ()
    rules = {rule.name: (order, rule) for order, rule in enumerate(all_rules())}
    matcher = DependencyMatcher(sentences[0].span.doc.vocab)
    for _, rule in rules.values():
        matcher.add(rule.name, [rule.pattern])
    by_token = {(id(s.span.doc), token.i): s for s in sentences for token in s.span}
    found: list[Claim] = []
    seen: set[int] = set()
    for sentence in sentences:
        doc = sentence.span.doc
        if id(doc) in seen or sentence.passage.paragraph.role in UNREAD:
            continue
        seen.add(id(doc))
        found += _claims_of(doc, matcher, rules, by_token, references, lexicon)
    return tuple(sorted(found, key=lambda claim: (claim.sentence, claim.cue_start, claim.target_start)))


def claims_table(text: str, source: str, claims: Sequence[Claim]) -> pd.DataFrame:
    """One row a claim, with the columns of `CLAIM_COLUMNS`; the same columns when there is none."""
    rows = [
        {
            **{column: getattr(claim, column) for column in CLAIM_COLUMNS if hasattr(claim, column)},
            "source": source,
            "text": text[claim.start : claim.end],
            "target_text": text[claim.target_start : claim.target_end],
            "cue": text[claim.cue_start : claim.cue_end],
        }
        for claim in claims
    ]
    return pd.DataFrame(rows, columns=CLAIM_COLUMNS)


def _claims_of(
    doc: Doc,
    matcher: DependencyMatcher,
    rules: Mapping[str, tuple[int, Rule]],
    by_token: Mapping[tuple[int, int], Sentence],
    references: References,
    lexicon: Lexicon,
) -> Iterator[Claim]:
    words = {token.i: word for token in doc if (word := opinion_word(token, lexicon))}
    if not words:
        return
    matches: list[tuple[int, Rule, dict[str, Token]]] = []
    for match_id, token_ids in matcher(doc):
        order, rule = rules[doc.vocab.strings[match_id]]
        roles = {node["RIGHT_ID"]: doc[index] for node, index in zip(rule.pattern, token_ids, strict=True)}
        cue = roles["cue"]
        if cue.i in words and words[cue.i].entry.frame in rule.frames:
            matches.append((order, rule, roles))
    matches.sort(key=lambda match: (match[2]["cue"].i, match[0], match[2]["target"].i))
    family: dict[int, str] = {}
    taken: set[tuple[int, str]] = set()
    for _, rule, roles in matches:
        cue = roles["cue"]
        # A word that says whom its subject likes says nothing good or bad of the subject: one family to a cue.
        if family.setdefault(cue.i, rule.name.split(".")[0]) != rule.name.split(".")[0]:
            continue
        for target in (roles["target"], *roles["target"].conjuncts):
            entity = references.entity(target)
            # Of joined targets ("the plan and the builder") what is said of the first is said of the others behind it.
            if target.i < roles["target"].i or entity is None or entity.key is None or (cue.i, entity.key) in taken:
                continue
            taken.add((cue.i, entity.key))
            yield _claim(
                rule, {**roles, "target": target}, words[cue.i], entity, by_token[id(doc), cue.i], references, lexicon
            )


def _claim(
    rule: Rule,
    roles: Mapping[str, Token],
    word: OpinionWord,
    entity: Entity,
    sentence: Sentence,
    references: References,
    lexicon: Lexicon,
) -> Claim:
    cue = word.token
    base = sentence.passage.paragraph.start
    speaker = sentence.passage.paragraph.speaker
    holder = subject_of(cue) if rule.subject_holds else roles.get("holder")
    parts = [*roles.values(), *word.negators, *([holder] if holder is not None else [])]
    parts = [part for part in parts if sentence.span.start <= part.i < sentence.span.end]
    # A relative pronoun stands for a phrase that may hold the whole clause: point to the word itself then.
    target_start, target_end = (
        (entity.start, entity.end)
        if entity.head.i == roles["target"].i
        else (base + roles["target"].idx, base + roles["target"].idx + len(roles["target"]))
    )
    hedges = _hedges(cue, lexicon)
    return Claim(
        sentence=sentence.number,
        start=min(target_start, *(base + part.idx for part in parts)),
        end=max(target_end, *(base + part.idx + len(part) for part in parts)),
        reporter=speaker,
        holder=_holder(holder, cue, speaker, references, lexicon),
        target=entity.key or "",
        target_start=target_start,
        target_end=target_end,
        cue_start=base + cue.idx,
        cue_end=base + cue.idx + len(cue),
        kind="prescription" if _is_prescribed(cue) else word.entry.kind,
        polarity=round(word.score, 4),
        negated=word.negated,
        hedge=" ".join(token.text for token in hedges),
        time=_time(cue, lexicon),
        rule=rule.name,
    )


def governors(token: Token) -> Iterator[Token]:
    """The token and all that governs it, up to the root of its sentence."""
    yield token
    yield from token.ancestors


def subject_of(verb: Token) -> Token | None:
    """The subject of a verb: its own, or the one it shares with the verb it is joined to or completes.

    "There is somebody who ..." has somebody as its subject.
    """
    own = next((child for child in verb.children if child.dep_ in _SUBJECTS), None)
    if own is not None and own.dep_ == "expl":
        return next((child for child in verb.children if child.dep_ in {"attr", "dobj", "nsubj"}), None)
    if own is None and verb.dep_ in {"conj", "xcomp"} and verb.head.i != verb.i:
        return subject_of(verb.head)
    return own


def _holder(explicit: Token | None, cue: Token, speaker: str, references: References, lexicon: Lexicon) -> str:
    """Whose attitude it is: the holder that the rule names, else the nearest verb's subject."""
    if explicit is not None:
        return _who(explicit, references)
    for verb in attributions(cue, lexicon):
        subject = subject_of(verb)
        if subject is not None:
            return _who(subject, references)
    return speaker


def attributions(cue: Token, lexicon: Lexicon) -> Iterator[Token]:
    """The verbs of belief or speech in whose clause a token stands, the nearest first."""
    path = list(governors(cue))
    for below, verb in itertools.pairwise(path):
        if below.dep_ in {"ccomp", "xcomp"} and lexicon.belief(verb):
            yield verb


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


def _time(cue: Token, lexicon: Lexicon) -> str:
    """Past, present or future: by the verb of the clause, and past too where the belief itself is past."""
    if any(_tense(verb) == "past" and _is_mere_belief(verb, lexicon) for verb in attributions(cue, lexicon)):
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


def _hedges(cue: Token, lexicon: Lexicon) -> list[Token]:
    """The words by which the clause of the cue, or one that governs it, is held less than firmly."""
    found: set[Token] = set()
    for governor in governors(cue):
        found |= {child for child in governor.children if child.lower_ in lexicon.hedges}
        if governor.lemma_.lower() in lexicon.hedges and governor.i != cue.i:
            found.add(governor)
    return sorted(found, key=lambda token: token.i)
