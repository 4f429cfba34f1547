"""Finds what can be judged in a parsed text: every noun phrase and pronoun, with what the parse says of it.

Nothing here asks whether anybody judges it, or what it stands for. The parse is read as columns of numbers, because to
ask spaCy word by word would take longer than all that is done with the answers.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass

import numpy as np
from spacy.attrs import DEP, HEAD, IDX, LEMMA, LENGTH, LOWER, POS, SENT_START, TAG
from spacy.strings import get_string_id
from spacy.tokens import Doc, Token

PERSONS = frozenset(
    "person people man woman guy boy girl friend author writer reader somebody someone one other child kid folk human"
    " attendee member colleague neighbour neighbor student critic guest cousin uncle aunt sister brother mother father"
    " parent daughter son wife husband nephew niece grandmother grandfather family baby chef cook pupil judge nurse"
    " vicar priest landlord boss staff team crew crowd public police committee government king queen host stranger hero"
    " thief liar fool coward genius crook lad lass gentleman lady clerk mayor guard monk bishop canon midwife widow"
    " council company board union club choir jury congregation generation lot".split()
)
# Nouns in these endings are mostly doers: waiter, actor, artist, librarian, waitress, employee.
_PERSON_ENDINGS = ("er", "or", "ist", "ian", "ess", "ee", "ant", "man", "men", "woman", "women", "staff", "team")
# Groups that are spoken of as "it" and as "they".
_GROUPS = frozenset(
    "family staff team crew crowd public police committee government council company board union club choir jury"
    " congregation generation lot band party firm chain bank army church school".split()
)
FIRST_PERSON = frozenset("i me my mine myself we us our ours ourselves".split())
# What is counted, and rarely spoken of again.
_MEASURES = frozenset(
    "time moment second minute hour day night morning afternoon evening week weekend fortnight month season year decade"
    " century age monday tuesday wednesday thursday friday saturday sunday january february march april may june july"
    " august september october november december spring summer autumn winter today tomorrow yesterday mile yard foot"
    " inch metre meter kilometre ton tonne gallon litre ounce kilo degree pound penny pence shilling dollar euro cent"
    " percent per % £ $ half quarter third dozen hundred thousand million billion lot bit way part end front back side"
    " top bottom middle rest sort kind course fact case instance example point reason account".split()
)
_MEN = frozenset(
    "man boy father son brother uncle husband nephew grandfather king lord gentleman lad monk mr mr. sir fellow bloke"
    " dad grandad guy chap priest vicar bishop canon landlord".split()
)
_WOMEN = frozenset(
    "woman girl mother daughter sister aunt wife niece grandmother queen lady lass nun mrs mrs. miss ms ms. madam dame"
    " mum gran waitress landlady widow midwife".split()
)
_TITLES = frozenset("mr mr. mrs mrs. miss ms ms. dr dr. sir professor prof. lord lady father sister captain".split())

# A pronoun's class, by which it is linked; what it says of number; and whether it owns something or points back.
PRONOUNS: dict[str, tuple[str, str]] = {
    **dict.fromkeys("i me my mine myself".split(), ("I", "one")),
    **dict.fromkeys("we us our ours ourselves".split(), ("we", "many")),
    **dict.fromkeys("you your yours yourself yourselves ye thou thee thy".split(), ("you", "")),
    **dict.fromkeys("it its itself".split(), ("it", "one")),
    **dict.fromkeys("he him his himself she her hers herself".split(), ("he", "one")),
    **dict.fromkeys("they them their theirs themselves 'em".split(), ("they", "many")),
    **dict.fromkeys("this that".split(), ("this", "one")),
    **dict.fromkeys("these those".split(), ("these", "many")),
    **dict.fromkeys("one another each either neither".split(), ("one", "one")),
    **dict.fromkeys("some others both all many most few several any none".split(), ("some", "many")),
    **dict.fromkeys("everyone everybody anyone anybody someone somebody nobody".split(), ("anyone", "one")),
    **dict.fromkeys("something anything everything nothing".split(), ("anything", "one")),
}
_REFLEXIVE = frozenset("myself yourself itself himself herself themselves ourselves yourselves".split())
_FEMALE = frozenset("she her hers herself".split())
_OWN_PRONOUNS = frozenset("mine yours ours hers theirs".split())
_OWNING = frozenset("my your its his their our mine yours hers theirs ours thy".split())

# What a noun phrase begins with says whether its thing is known already.
_DETERMINERS = {
    **dict.fromkeys("the".split(), "the"),
    **dict.fromkeys("this that these those such".split(), "this"),
    **dict.fromkeys("a an another".split(), "a"),
    **dict.fromkeys("some any no every each many few several most all both either neither half".split(), "some"),
}


# Nouns that only say what sort of thing their "of" names: the idea of X is X for whoever likes or dislikes it.
LIGHT_NOUNS = frozenset("concept idea notion kind sort type form act practice art business activity whole".split())
_PARTS = frozenset("lot rest half majority most some all none both one pair dozen few".split())
_PARTITIVE = frozenset({"one", "some", "these"})
_OF_PERSONS = frozenset({"I", "we", "you", "he", "anyone"})
_MANY = frozenset("these those many several few both all most".split())


def _ids(words: str) -> frozenset[int]:
    return frozenset(get_string_id(word) for word in words.split())


_NOUN, _PROPN, _PRON, _NUM, _ADJ, _VERB, _ADV = map(get_string_id, "NOUN PROPN PRON NUM ADJ VERB ADV".split())
_VBG, _NNS, _NNPS = map(get_string_id, "VBG NNS NNPS".split())
_OF, _PREP, _NUMMOD, _CC, _CONJ = map(get_string_id, "of prep nummod cc conj".split())
_POSS, _RELCL, _APPOS, _COMPOUND, _ATTR = map(get_string_id, "poss relcl appos compound attr".split())
_EXPLETIVE, _POBJ = map(get_string_id, "expl pobj".split())
_NOMINAL = frozenset({_NOUN, _PROPN})
_NAMED_BY_ROLE = _ids("NUM ADJ DET")
_HEADS_OF_COMPOUNDS = _ids("NOUN PROPN ADJ NUM X SYM")
_TELLING = _ids("NOUN PROPN ADJ VERB NUM")
_ASKING = _ids("WDT WP WP$ EX WRB")
_INSIDE = _ids("compound nmod amod")
_WEATHER = _ids("rain snow hail drizzle thunder freeze thaw")
_SUBJECT = _ids("nsubj nsubjpass csubj csubjpass")
_OBJECT = _ids("dobj dative pcomp agent")
_SAID_OF = _ids("attr acomp oprd")
_GERUND_ROLES = _ids("nsubj nsubjpass dobj pobj pcomp csubj csubjpass xcomp")
_PLACES = _ids("nsubj nsubjpass dobj pobj dative attr conj appos ROOT nummod npadvmod poss preconj")
_AFTER_OF = _ids("pobj pcomp")
_DET_DEP = _ids("det predet quantmod")
_RESTRICTING = _ids("amod compound nmod poss acl prep relcl nummod")
_WITH_MORE = frozenset({_PREP, _RELCL})
_SKIPPED_FIRST = _ids("CCONJ SCONJ PUNCT SPACE ADV ADP PART INTJ")
_OPENING, _EITHER = _ids("“ ‘ «"), _ids('" ``')
_QUOTES = _OPENING | _EITHER | _ids("” » ''")


@dataclass(slots=True, eq=False)
class Candidate:
    """A noun phrase or pronoun, as the parse shows it.

    `first:last` are tokens of its `Doc`, `i` its head. `sort` is the class by which it is linked: a pronoun's class,
    `name`, or for a noun what it begins with (`the`, `this`, `a`, `some`, `own`, `bare`). `restricted` are the lemmas
    of what restricts it. `governor` is the verb whose argument it is.
    """

    doc: Doc
    i: int
    first: int
    last: int
    sort: str
    head: str
    number: str
    life: str = ""  # person, doer, group, thing, measure; empty where unknown
    gender: str = ""
    start: int = 0  # in characters of its `Doc`
    end: int = 0
    role: int = 3  # 0 subject, 1 object, 2 owner, 3 other, 4 said of a subject, 5 within the phrase of a noun
    sentence: int = 0  # of its paragraph
    base: int = 0  # where its paragraph begins in the cleaned text
    governor: int = -1
    quoted: bool = False
    pronoun: bool = False
    reflexive: bool = False
    owning: bool = False
    initial: bool = False
    proper: bool = False
    restricted: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    before: tuple[int, ...] = ()  # adjectives and nouns before it
    clause: bool = False  # whether a relative clause restricts it
    relation: int = -1  # the token of which it is an apposition or predicate
    related: int = 0  # 1 apposition, 2 predicate, 3 side by side
    inner: int = -1  # the noun of which a light noun says what sort of thing it is
    elsewhere: bool = False  # whether no target may be told by it: a table says that it takes more words

    @property
    def token(self) -> Token:
        """Its head."""
        return self.doc[self.i]

    @property
    def span(self) -> tuple[int, int]:
        """Where it stands, in characters of the cleaned text."""
        return self.base + self.start, self.base + self.end


class Columns:
    """A parsed text as columns of numbers, with the dependents of each word."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        table = doc.to_array([POS, TAG, DEP, LOWER, LEMMA, HEAD, SENT_START, IDX, LENGTH]).reshape(len(doc), 9)
        self.pos, self.tag, self.dep, self.lower, self.lemma = table[:, :5].T.tolist()
        self.head: list[int] = (table[:, 5].astype("int64") + np.arange(len(doc))).tolist()
        self.begins = frozenset(np.flatnonzero(table[:, 6] == 1).tolist())
        self.starts: list[int] = table[:, 7].tolist()
        self.ends: list[int] = (table[:, 7] + table[:, 8]).tolist()
        self.kids: list[list[int]] = [[] for _ in self.head]
        for i, head in enumerate(self.head):
            if head != i:
                self.kids[head].append(i)
        text = doc.text
        self.texts = [text[start:end] for start, end in zip(self.starts, self.ends, strict=True)]

    def word(self, i: int) -> str:
        """A word in small letters."""
        return self.texts[i].lower()

    def lemma_of(self, i: int) -> str:
        """A word's lemma in small letters; a gerund's form, whose lemma depends on whether the tagger saw a verb."""
        word = self.texts[i].lower()
        if self.pos[i] == _PROPN:
            return word[:-1] if self.tag[i] == _NNPS and word.endswith("s") and len(word) > 3 else word
        if self.tag[i] == _VBG or word.endswith("ing"):
            return word
        lemma: str = self.doc.vocab.strings[self.lemma[i]]
        return lemma.lower()


def candidates(doc: Doc, marked: Container[int] = ()) -> Iterator[Candidate]:
    """Every noun phrase and pronoun of a parsed text, in the order of their heads.

    Args:
        doc: The text.
        marked: Tokens that somebody says are heads of such phrases.

    Examples:
        >>> from analysis.parsing import load_model
        >>> doc = load_model()("The shop on the corner sold them to one of my aunts, who was glad.")
        >>> [doc[c.first : c.last].text for c in candidates(doc)]
        ['The shop', 'the corner', 'them', 'one of my aunts', 'my', 'my aunts']
    """
    own = Columns(doc)
    quoted = False
    lower = own.lower
    for i, pos in enumerate(own.pos):
        if i in marked and own.texts[i].lower() not in PRONOUNS:
            yield _noun(own, i, quoted=quoted)
        elif lower[i] in _QUOTES:
            quoted = lower[i] in _OPENING or (lower[i] in _EITHER and not quoted)
        elif (pos in _NOMINAL and own.texts[i].lower() not in _OWN_PRONOUNS) or (pos == _VERB and own.tag[i] == _VBG):
            if _is_head(own, i):
                yield _noun(own, i, quoted=quoted)
        elif pos == _PRON or own.texts[i].lower() in PRONOUNS:
            found = _pronoun(own, i, quoted=quoted)
            if found is not None:
                yield found
        elif pos in _NAMED_BY_ROLE and own.dep[i] in _PLACES and _is_named_by_role(own, i):
            yield _noun(own, i, quoted=quoted)


def _is_persons(lemma: str) -> bool:
    return lemma in PERSONS or (lemma.endswith(_PERSON_ENDINGS) and len(lemma) > 4)


def _life(lemma: str) -> str:
    """Somebody or something; a doer is somebody by the ending of the word alone, as "baker" is and "paper" is not."""
    if lemma in PERSONS:
        return "person"
    return "doer" if lemma.endswith(_PERSON_ENDINGS) and len(lemma) > 4 else "thing"


def _is_head(own: Columns, i: int) -> bool:
    """Nouns that stand for something, gerunds among them; not the first half of a compound."""
    dep = own.dep[i]
    if own.pos[i] == _VERB:
        return dep in _GERUND_ROLES and not any(own.dep[kid] in _SUBJECT for kid in own.kids[i])
    if dep not in _INSIDE:
        return True
    # The parser makes compounds of what can be none: what stands behind its noun, or before a verb.
    head = own.head[i]
    return head < i or own.pos[head] not in _HEADS_OF_COMPOUNDS


def _is_named_by_role(own: Columns, i: int) -> bool:
    """Whether a number or an adjective stands for a thing by itself: "one of them", "the former"."""
    if own.dep[i] == _NUMMOD:
        return False
    pos = own.pos[i]
    text = own.texts[i]
    if pos == _NUM:
        return text.isalpha()
    has_determiner = any(own.dep[kid] in _DET_DEP or own.dep[kid] == _POSS for kid in own.kids[i])
    if pos == _ADJ:
        return has_determiner or own.dep[i] in _SUBJECT or text[:1].isupper()
    return pos != _ADV and (own.dep[i] in _SUBJECT or own.dep[i] in _OBJECT)


def _is_cleft(own: Columns, verb: int) -> bool:
    """Whether a verb only lifts something out of a clause: the "is" of "it is the fans who are loud"."""
    return any(
        own.dep[i] == _ATTR and any(own.dep[k] == _RELCL for k in own.kids[i])
        for i in (own.kids[verb] if own.lemma_of(verb) == "be" else ())
    )


def _pronoun(own: Columns, i: int, *, quoted: bool) -> Candidate | None:
    word = own.texts[i].lower()
    if own.tag[i] in _ASKING or own.dep[i] in _DET_DEP or own.dep[i] == _EXPLETIVE:
        return None
    if word not in PRONOUNS or (own.dep[i] in _INSIDE and own.pos[i] != _PRON):
        return None
    if own.pos[i] != _PRON and own.dep[i] not in _PLACES:
        return None
    told = i and (own.pos[i - 1] in _NOMINAL or own.tag[i - 1] == _VBG)
    if word in _REFLEXIVE and told and own.dep[i] not in _OBJECT | {_POBJ}:
        return None  # "gardening itself" only says gardening again
    if word == "it" and (own.lemma[own.head[i]] in _WEATHER or _is_cleft(own, own.head[i])):
        return None
    sort, number = PRONOUNS[word]
    first, last = i, i + 1
    if sort in _PARTITIVE:
        first, last = _start(own, i), _end(own, i, partitive=True)
    owning = word in _OWNING and own.dep[i] == _POSS
    found = Candidate(own.doc, i, first, last, sort, word, number, pronoun=True)
    if word in _OWN_PRONOUNS and not owning:
        found.sort, found.number = "one", ""  # "mine never barks"
    found.life = "person" if found.sort in _OF_PERSONS else "thing" if sort == "it" else ""
    found.gender = "" if sort != "he" else "f" if word in _FEMALE else "m"
    found.reflexive, found.owning, found.quoted = word in _REFLEXIVE, owning, quoted
    found.initial, found.start, found.end = i in own.begins, own.starts[first], own.ends[last - 1]
    found.role, found.governor = (2, own.head[i]) if owning else _role(own, i)
    return found


def _noun(own: Columns, i: int, *, quoted: bool) -> Candidate:
    kids, dep = own.kids[i], own.dep
    head = own.lemma_of(i)
    proper = own.pos[i] == _PROPN
    begins = next((w for kid in kids if kid < i and (w := own.word(kid)) in _DETERMINERS), "")
    owner = any(dep[kid] == _POSS for kid in kids)
    sort = "own" if owner else _DETERMINERS.get(begins, "name" if proper else "bare")
    first, last = _start(own, i), _end(own, i, partitive=own.pos[i] == _NUM or head in _PARTS)
    found = Candidate(own.doc, i, first, last, sort, head, "")
    found.proper, found.quoted = proper, quoted
    found.initial, found.start, found.end = i in own.begins, own.starts[first], own.ends[last - 1]
    found.role, found.governor = _role(own, i)
    _describe(own, found)
    plural = own.tag[i] == _NNS or own.tag[i] == _NNPS or head == "people"
    plural = plural or any(dep[kid] == _CONJ and kid > i for kid in kids)
    plural = plural or (own.pos[i] == _NUM and head != "one") or begins in _MANY
    found.number = "" if own.pos[i] == _ADJ and not plural else "many" if plural else "one"
    if proper:
        titled = bool(found.names & _TITLES)
        found.life = "person" if titled or head in PERSONS else ""
    else:
        found.life = "" if own.pos[i] in _NAMED_BY_ROLE else _life(head)
    if head in _GROUPS:
        found.life = "group"
    elif head in _MEASURES:
        found.life = "measure"
    words = found.names | {head}
    found.gender = "m" if words & _MEN else "f" if words & _WOMEN else ""
    _relate(own, found)
    return found


def _describe(own: Columns, found: Candidate) -> None:
    """What restricts a noun, and the words of a name."""
    i = found.i
    restricted, names, before = set(), {found.head} if found.proper else set(), []
    for kid in own.kids[i]:
        dep = own.dep[kid]
        if dep not in _RESTRICTING:
            continue
        restricted.add(own.lemma_of(kid))
        if kid < i and dep in _INSIDE:
            before.append(kid)
        if dep == _COMPOUND and own.pos[kid] == _PROPN:
            names.add(own.word(kid))
        if dep in _WITH_MORE:
            found.clause = found.clause or dep == _RELCL
            restricted.update(own.lemma_of(deeper) for deeper in own.kids[kid] if own.pos[deeper] in _TELLING)
    found.restricted, found.names, found.before = frozenset(restricted), frozenset(names), tuple(before)
    if found.head in LIGHT_NOUNS:
        found.inner = _of_what(own, i)


def _relate(own: Columns, found: Candidate) -> None:
    """The thing of which a noun is said to be another name: by apposition, as a predicate, or side by side with it."""
    i = found.i
    dep, head = own.dep[i], own.head[i]
    if dep == _APPOS:
        found.relation, found.related = head, 1
    elif dep == _ATTR:
        subject = next((kid for kid in own.kids[head] if own.dep[kid] in _SUBJECT and kid != i), -1)
        if subject >= 0:
            found.relation, found.related = subject, 2
    elif found.sort == "this" and found.first >= 2 and own.texts[found.first - 1] == "," and dep != _CONJ:
        found.relation, found.related = found.first - 2, 3


def _role(own: Columns, i: int) -> tuple[int, int]:
    """A word's role, and the verb (or noun) that it belongs to."""
    dep, head = own.dep[i], own.head[i]
    while dep == _CONJ and head != i:
        i, dep, head = head, own.dep[head], own.head[head]
    if dep in _SUBJECT:
        return 0, head
    if dep in _OBJECT:
        return 1, head
    if dep == _POBJ:
        governor = own.head[head]
        return (5 if own.pos[governor] in _NOMINAL else 3), governor
    if dep == _POSS:
        return 2, head
    return (4 if dep in _SAID_OF else 3), head


def _start(own: Columns, i: int) -> int:
    """Where the phrase of a noun begins: with its determiner, and not with "even" or "not" before that."""
    first: int = own.doc[i].left_edge.i
    while first < i and (own.pos[first] in _SKIPPED_FIRST or own.dep[first] == _CC):
        first += 1
    return first


def _end(own: Columns, i: int, *, partitive: bool) -> int:
    """Where the name ends, of which `i` is the head: "plot 31", "the Board of Guardians", "one of them"."""
    last = i + 1
    for kid in own.kids[i]:
        if kid != last:
            continue
        if own.dep[kid] == _NUMMOD or (own.dep[kid] == _APPOS and own.pos[kid] == _PROPN):
            last = kid + 1
        elif own.lower[kid] == _OF and (partitive or own.texts[i][:1].isupper()):
            inner = next((deeper for deeper in own.kids[kid] if deeper > kid), -1)
            if inner >= 0 and (partitive or own.texts[inner][:1].isupper()):
                last = inner + 1
    return last


def _of_what(own: Columns, i: int) -> int:
    """The noun in "the idea of NOUN", through several such if need be; -1 if there is none."""
    found = -1
    while True:
        of = next((kid for kid in own.kids[i] if own.lower[kid] == _OF and own.dep[kid] == _PREP), -1)
        inner = next((kid for kid in own.kids[of] if own.dep[kid] in _AFTER_OF), -1) if of >= 0 else -1
        if inner < 0:
            return found
        found = i = inner
        if own.lemma_of(inner) not in LIGHT_NOUNS:
            return found
