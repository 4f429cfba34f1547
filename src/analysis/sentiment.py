"""Scores a span: TextBlob as it is (the baseline), and opinion words with negation and scope from the parse.

TextBlob adds up words in a row and cannot see that "isn't a bad idea" is praise. Ours asks the parse what a negation
is about. Neither knows what the opinion is about: that is what claims are for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
from spacy.tokens import Span, Token
from textblob import TextBlob

from analysis.lexicon import Lexicon, OpinionEntry

# "Not good" is less than bad is good (Taboada et al. 2011, Computational Linguistics 37(2), section 2.4); TextBlob's
# own factor, kept so that the two differ in scope and not in strength.
NEGATED = -0.5

_DEFINITE = frozenset({"the", "this", "that", "these", "those"})

# Parts of speech of nearly half of all words, which the lists need not be asked about.
_NEVER_OPINIONS = frozenset("PUNCT DET PRON AUX CCONJ SCONJ PART NUM SPACE SYM".split())

# What is said by "too", and by a question that asks for no answer.
TOO, IN_VAIN = -0.4, -0.5
# What "only" says of those that it picks out for what they alone will do (Horn 1969, CLS 5).
SINGLED_OUT = 0.3
# What a resolution says of whoever makes it.
RESOLVED = 0.3
_IDIOMS = frozenset({"want", "get", "give"})
_TRIFLES = frozenset({"damn", "shit", "hoot", "toss"})  # to give one of these is to care
_ANYTHING = frozenset({"something", "anything"})
_ASKED_IN_VAIN = frozenset({"need", "want", "care", "point", "use"})

# From a word to its governor without leaving what a negation there is about.
_WITHIN_SCOPE = frozenset(
    {"acomp", "attr", "amod", "oprd", "xcomp", "dobj", "pobj", "prep", "pcomp", "advmod", "agent"}
)


@dataclass(frozen=True)
class Baseline:
    """TextBlob's verdict on a text. NaN, and no words, where it knows no word; 0 where what it knows balances.

    `evidence` names the words that it knows, with the score of each group of them.
    """

    polarity: float
    subjectivity: float
    known_words: int
    evidence: str


@dataclass(frozen=True)
class OpinionWord:
    """A word that carries polarity, in its place.

    `score` (-1 to 1) has negation and intensifiers in it; `negators` are the tokens that turn it round.
    """

    token: Token
    entry: OpinionEntry
    score: float
    negators: tuple[Token, ...]

    @property
    def negated(self) -> bool:
        """Whether the negators, taken together, turn the word round."""
        return len(self.negators) % 2 == 1


def textblob_score(text: str) -> Baseline:
    """TextBlob's polarity (-1 to 1) and subjectivity (0 to 1), unchanged, but NaN where it knows no word.

    Examples:
        >>> textblob_score("a good idea").polarity
        0.7
        >>> textblob_score("I am pessimistic about transactional people").polarity
        nan
    """
    assessed = TextBlob(text).sentiment_assessments
    if not assessed.assessments:
        return Baseline(math.nan, math.nan, 0, "")
    known = sum(len(words) for words, *_ in assessed.assessments)
    evidence = "; ".join(f"{' '.join(words)} {score:+.2f}" for words, score, *_ in assessed.assessments)
    return Baseline(float(assessed.polarity), float(assessed.subjectivity), known, evidence)


def polarity_steps(sentences: pd.DataFrame) -> pd.DataFrame:
    """How TextBlob's polarity moves from each sentence of a voice to its next one.

    Args:
        sentences: `Study.sentences`, in reading order.

    Returns:
        A row for each pair of neighbours within a source and voice: `source, voice, sentence, next_sentence, polarity,
        next_polarity, step`. The step (-2 to 2) is NaN where TextBlob knows no word in one of the two.

    Examples:
        >>> rows = [("essay", 0, "author", 0.5), ("essay", 1, "author", -0.25), ("essay", 2, "author", float("nan"))]
        >>> polarity_steps(pd.DataFrame(rows, columns=["source", "sentence", "voice", "polarity"]))["step"].tolist()
        [-0.75, nan]
    """
    groups = sentences.groupby(["source", "voice"], sort=False)
    steps = sentences[["source", "voice", "sentence", "polarity"]].assign(
        next_sentence=groups["sentence"].shift(-1), next_polarity=groups["polarity"].shift(-1)
    )
    steps = steps.dropna(subset="next_sentence").astype({"next_sentence": int})
    columns = ["source", "voice", "sentence", "next_sentence", "polarity", "next_polarity"]
    return steps[columns].assign(step=steps["next_polarity"] - steps["polarity"]).reset_index(drop=True)


def opinion_words(span: Span, lexicon: Lexicon) -> tuple[OpinionWord, ...]:
    """The opinion words of a span, each with its score in this place.

    Args:
        span: Parsed words, usually a sentence.
        lexicon: The lists.
    """
    asked = span.text.rstrip("\"'”’)» ").endswith("?")
    return tuple(
        word
        for token in span
        if token.pos_ not in _NEVER_OPINIONS and (word := opinion_word(token, lexicon, asked=asked))
    )


def opinion_word(token: Token, lexicon: Lexicon, *, asked: bool = False) -> OpinionWord | None:
    """The token as an opinion word, or None if the lists know no opinion in it.

    Args:
        token: A parsed word.
        lexicon: The lists.
        asked: Whether its sentence is a question.
    """
    entry = _entry_here(token, lexicon, asked=asked)
    if entry is None or (token.pos_ == "ADV" and _only_measures(token, lexicon)):
        return None
    negators = find_negators(token, lexicon, asked=asked)
    score = entry.polarity
    for child in token.children:
        if child.dep_ == "advmod":
            score *= lexicon.intensity(child)
    if len(negators) % 2:
        score *= NEGATED
    return OpinionWord(token, entry, max(-1.0, min(1.0, score)), negators)


def _entry_here(token: Token, lexicon: Lexicon, *, asked: bool) -> OpinionEntry | None:
    """What the lists say of the word, but where its place makes an opinion of it or takes it away."""
    entry = lexicon.opinion(token)
    if token.pos_ in {"ADJ", "ADV"} and any(child.lower_ == "too" and child.i < token.i for child in token.children):
        # More than is good: "too salty", "too kind" (Huddleston and Pullum 2002, chapter 6, section 7).
        return OpinionEntry(token.lemma_.lower(), TOO, "evaluation", "too", "too")
    if asked and token.lemma_.lower() in _ASKED_IN_VAIN and _asks_in_vain(token):
        return OpinionEntry(token.lemma_.lower(), IN_VAIN, "evaluation", "rhetorical", "rhetorical question")
    if (
        entry is not None
        and token.lemma_ == "lie"
        and any(c.dep_ == "prep" and c.lower_ != "to" for c in token.children)
    ):
        return None  # it lies behind the mill
    if token.lower_ == "well" and token.i > 0 and token.nbor(-1).lower_ == "as":
        return None  # "as well" adds, and praises nothing
    if entry is None and token.pos_ == "VERB" and _resolves(token):
        return OpinionEntry(token.lemma_.lower(), RESOLVED, "prescription", "resolution", "resolution")
    if token.pos_ == "VERB" and token.lemma_.lower() in _IDIOMS:
        return _idiom(token) or entry
    if token.lower_ in _TRIFLES and token.dep_ == "dobj" and token.head.lemma_ == "give":
        return None
    if token.lower_ == "only" and _singles_out(token):
        return OpinionEntry("only", SINGLED_OUT, "expectation", "only", "only")
    return entry


def _resolves(verb: Token) -> bool:
    """Whether a verb says what its first person will do from now on."""
    return (
        any(child.lower_ in {"will", "’ll", "'ll", "shall"} for child in verb.children)
        and any(child.dep_ == "nsubj" and child.lower_ == "i" for child in verb.children)
        and any(child.lower_ == "from" and child.nbor().lower_ == "now" for child in verb.lefts if child.dep_ == "prep")
    )


def _idiom(verb: Token) -> OpinionEntry | None:
    """What a verb says together with its object, and not by itself.

    To want something from somebody, or to do a thing in order to get something from them, is to be after one's own
    gain; said again without "from", it is the same wish. To give a damn is to care.
    """
    if verb.lemma_ == "give":
        cares = any(child.dep_ == "dobj" and child.lower_ in _TRIFLES for child in verb.children)
        return OpinionEntry("give a damn", 0.5, "evaluation", "deed", "idiom") if cares else None
    thing = next((child for child in verb.children if child.dep_ == "dobj" and child.lower_ in _ANYTHING), None)
    if thing is None:
        return None
    taken = _from_somebody(verb, thing)
    if verb.lemma_ == "want":
        again = not any(True for _ in thing.children) and any(
            earlier.lemma_ == "want" and earlier.i < verb.i and _from_somebody(earlier, child)
            for earlier in verb.doc[: verb.i]
            for child in earlier.children
            if child.lower_ == thing.lower_
        )
        taken = taken or again
    else:
        taken = taken and verb.i > 1 and verb.nbor(-2).lower_ == "order"
    return OpinionEntry("want something", -0.4, "evaluation", "deed", "idiom") if taken else None


def _from_somebody(verb: Token, thing: Token) -> bool:
    """Whether the thing is to come from somebody: "something from you", "anything out of them"."""
    return any(
        giver.dep_ == "pobj"
        and (giver.pos_ in {"PRON", "PROPN"} or giver.lemma_.lower() in {"people", "person", "other"})
        for source in (*verb.children, *thing.children)
        if source.dep_ == "prep" and source.lower_ in {"from", "of"}
        for giver in source.children
        if giver.lower_ not in {"it", "this", "that"}
    )


def _singles_out(only: Token) -> bool:
    """Whether "only" picks out a subject by what restricts it: "Only people who listen will find out"."""
    noun = only.head
    return (
        noun.dep_ in {"nsubj", "nsubjpass"}
        and only.i < noun.i
        and any(child.dep_ in {"relcl", "acl"} for child in noun.children)
    )


def _asks_in_vain(token: Token) -> bool:
    """Whether a word stands in a question that asks for no answer: "Who needs X?", "What's the point of X?"."""
    if token.lemma_.lower() in {"point", "use"}:
        return any(word.lower_ == "what" for word in token.sent)
    return any(child.lower_ == "who" and child.dep_ == "nsubj" for child in token.children)


def _only_measures(adverb: Token, lexicon: Lexicon) -> bool:
    """Whether an adverb says how much rather than how: "very", and "incredibly" before an adjective."""
    return lexicon.intensity(adverb) != 1.0 or adverb.head.pos_ in {"ADJ", "ADV"}


def find_negators(token: Token, lexicon: Lexicon, *, asked: bool = False) -> tuple[Token, ...]:
    """The tokens whose negation takes in this one, by the parse.

    A negation reaches what its verb governs ("is not a good idea"), the complements of a verb of not doing ("failed to
    impress"), and through verbs such as think the clause below ("I don't think it is good"; Horn 1978). It does not
    reach a conjunct behind "but", nor out of a relative clause.

    Examples:
        >>> from analysis.lexicon import load_lexicon
        >>> from analysis.parsing import load_model
        >>> doc = load_model()("This isn't a bad idea.")
        >>> [negator.text for negator in find_negators(doc[4], load_lexicon())]
        ["n't"]
    """
    if not lexicon.negation:
        return ()
    found: list[Token] = []
    below: Token | None = None
    while True:
        found += [
            child
            for child in token.children
            if child is not below and (child.dep_ == "neg" or (child.lower_ in lexicon.negators and child.i < token.i))
        ]
        # "No one who knows her likes her", "no pupil liked her"
        found += [
            word
            for child in token.children
            if child.dep_ in {"nsubj", "nsubjpass"} and child is not below and child.lower_ not in lexicon.negators
            for word in child.children
            if word.dep_ == "det" and word.lower_ in lexicon.negators
        ]
        if below is None:
            found += _negative_object(token, lexicon)
        head = token.head
        if head.i == token.i:
            break
        if token.dep_ == "conj":
            # "Not cold and wet" denies both; "not cold but wet" and "did not call but came" deny the first alone.
            joined = [child.lower_ for child in head.children if child.dep_ == "cc" and head.i < child.i < token.i]
            own_clause = any(child.dep_ in {"nsubj", "nsubjpass", "aux", "neg"} for child in token.children)
            # Of joined verbs only "or" carries it on: "did not eat or drink", but "did not wait and left".
            if "but" in joined or own_clause or (token.pos_ == "VERB" and not {"or", "nor"} & set(joined)):
                break
        elif token.dep_ == "amod" and any(c.lower_ in _DEFINITE or c.dep_ == "poss" for c in head.children):
            break  # "I did not see the great play": what is known to be there is not denied its greatness
        elif token.dep_ == "ccomp" and token.pos_ in {"ADJ", "NOUN"}:
            pass  # a clause without a verb is no clause of its own: "never found it useful"
        elif token.dep_ in {"ccomp", "acl"} or token.dep_ == "xcomp":
            belief = lexicon.belief(head)
            if head.lemma_ in lexicon.negative_verbs:
                found.append(head)
            elif token.dep_ != "xcomp" and not (belief and belief.neg_raising):
                break
            elif any(word.lower_ in {"how", "what", "why"} for word in token.subtree):
                break  # "could not believe how good it was"
            elif token.dep_ != "xcomp":
                found += [child for child in head.children if child.dep_ == "neg"]
                break
        elif token.dep_ == "pcomp" or token.dep_ == "pobj":
            if head.lower_ in lexicon.negators:
                found.append(head)
                break
        elif token.dep_ not in _WITHIN_SCOPE:
            break
        below, token = token, head
    if asked:
        found = [negator for negator in found if not _expects_yes(negator)]
        found += [t for t in token.sent if t.lower_ == "how" and t.dep_ == "advmod" and _denies_by_asking(t)]
    return tuple(sorted(set(found), key=lambda negator: negator.i))


def _negative_object(verb: Token, lexicon: Lexicon) -> list[Token]:
    """The "nobody" of "she helps nobody", the "no" of "it spares no guest": they deny the verb.

    Huddleston and Pullum 2002, section 9.3.1. "Nothing more than" and "nothing but" deny only what else there is.
    """
    words = [child for child in verb.children if child.dep_ in {"dobj", "dative"} and child.i > verb.i]
    if verb.pos_ != "VERB" or any(
        below.lower_ in {"more", "better", "but"} for word in words for below in word.subtree
    ):
        return []
    determiners = [below for word in words for below in word.children if below.dep_ == "det"]
    return [word for word in (*words, *determiners) if word.lower_ in lexicon.negators]


def _expects_yes(negator: Token) -> bool:
    """The "n't" of "Isn't it lovely?", which denies nothing (Quirk et al. 1985, section 11.7)."""
    return negator.dep_ == "neg" and negator.i == negator.sent.start + 1


def _denies_by_asking(how: Token) -> bool:
    """The "how" of "How could anyone dislike it?": nobody could."""
    return any(child.lower_ in {"can", "could"} for child in how.head.children) and how.i == how.sent.start
