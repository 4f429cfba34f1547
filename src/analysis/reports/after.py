"""What the writer came to believe: by news ("it turned out"), their own error ("I was wrong"), or by now ("now I")."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from analysis.grammar import governors, subject_of
from analysis.lexicon import Lexicon
from analysis.parsing import Sentence
from analysis.reports.frame import (
    APPEARING,
    WRITER,
    WRITER_AS_OBJECT,
    Frame,
    Report,
    clause_of,
    is_classing,
    is_past,
    start_of,
)

# Verbs that say how a state was reached: "I came to like it", "it started to seem dull", "she ended up loving it".
_REACHING = frozenset({"come", "grow", "begin", "start", "end", "learn", "get", "wind"})
# Verbs by which something changes the writer's mind: "it made me see", "she convinced me that".
_MOVING = frozenset({"make", "help", "let", "lead", "force"})
_CONVINCING = frozenset({"convince", "persuade", "teach", "show", "prove", "remind"})
_STRIKING = frozenset({"dawn", "strike", "hit", "occur"})
# Verbs of news that have another use without a clause: "I found a book", "I saw him".
_NEEDS_CLAUSE = frozenset({"see", "know", "find", "learn", "notice", "understand", "recognise", "recognize"})
# What one thinks of what is not known yet is a belief of before, whoever made one think it.
_FORESEEING = frozenset({"expect", "anticipate", "hope", "fear", "predict"})
_MINDS = frozenset({"mind", "opinion", "view", "tune", "perspective", "attitude"})
_BEING = frozenset({"was", "were", "am", "’m", "'m", "been", "got", "get", "stand", "proven", "proved"})
_HAVE = frozenset({"have", "’ve", "'ve"})
_SMALL = frozenset({"ccomp", "xcomp", "oprd", "acomp"})


def reports(frame: Frame) -> Iterator[Report]:
    """The beliefs of after in a sentence, the surer rules first."""
    yield from _by_denial(frame)
    yield from by_comparison(frame)
    yield from _by_cleft(frame)
    for token in frame.words:
        if token.lower_ == "when":
            yield from _by_fact(frame, token)
        found: list[Report] = []
        if token.pos_ in {"VERB", "AUX"}:
            found += _by_change_of_mind(frame, token)
            found += _by_reaching(frame, token)
            found += _by_mover(frame, token)
            found += _by_news(frame, token)
        found += _by_turning_out(frame, token)
        if token.lower_ in frame.lexicon.changes["surprise"]:
            found += _by_surprise(frame, token)
        if found and token.i not in frame.quoted and not frame.supposed(token) and not frame.denied(token):
            yield from found


def _by_denial(frame: Frame) -> Iterator[Report]:
    """As in "Boy was I wrong", "not even close". What is so instead stands behind it, if anywhere."""
    for start, end, sort in frame.marks:
        token = frame.at(start)
        if sort != "denial" or start in frame.quoted:
            continue
        first, last = token, frame.at(end - 1)
        if end - start == 1 and token.lower_ != "nope":
            near = [word for word in frame.words if abs(word.i - token.i) <= 7]
            writers = [word for word in near if word.lower_ in WRITER]
            writer = next((word for word in reversed(writers) if word.i < token.i), next(iter(writers), None))
            being = [word for word in near if word.lower_ in _BEING]
            proved = any(word.lemma_.lower() == "prove" for word in near) and any(
                word.lower_ in WRITER_AS_OBJECT for word in near
            )
            if token.dep_ == "amod" or not (proved or (writer is not None and being)):
                continue
            # "I wasn't wrong", but "I couldn't have been more wrong"
            denied = any(word.lower_ in frame.lexicon.negators for word in near if word.i < token.i)
            if denied and all(word.lower_ != "more" for word in near):
                continue
            copula = token.head if token.dep_ in {"acomp", "attr", "oprd", "advmod"} else token
            subject = subject_of(copula)
            if not proved and subject is not None and subject.lower_ not in WRITER:
                continue
            if frame.supposed(copula) and all(word.lemma_.lower() != "admit" for word in frame.words):
                continue
            being = [min(being, key=lambda word: abs(word.i - token.i))] if being else []
            parts = [token, *being, *([writer] if writer is not None else [])]
            first, last = min(parts, key=lambda word: word.i), max(parts, key=lambda word: word.i)
        elif end - start > 1 and start > frame.words[0].i + 1 and token.lower_ in {"not", "far"}:
            continue  # these deny when they stand alone
        first, last = frame.trim(first, last)
        yield Report("after", frame.sentence, token, first, last, "after.denial", bare=True)


def by_comparison(frame: Frame) -> Iterator[Report]:
    """As in "Better than I expected", "not as bad as I thought": what was expected is told in the comparison."""
    joints = [word for word in frame.words if word.lower_ in {"than", "as"}]
    for verb in frame.words if joints else ():
        belief = frame.lexicon.belief(verb)
        if belief is None or belief.sort != "belief" or not is_past(verb):
            continue
        before = [word for word in frame.words if word.i < verb.i]
        joint = next((word for word in reversed(joints) if verb.i - 6 <= word.i < verb.i), None)
        writer = frame.writer_of(verb)
        if joint is None or writer is None or not joint.i < writer.i <= verb.i:
            continue
        measures = [
            word for word in before if word.i < joint.i and (word.tag_ in {"JJR", "RBR"} or word.lower_ == "as")
        ]
        if not measures or (joint.lower_ == "as" and measures[-1].lower_ != "as"):
            continue
        measure = measures[-1]
        top = next((up for up in governors(measure) if up.pos_ in {"VERB", "AUX"} and up.i < joint.i), None)
        # "As good as I expected" is as expected.
        if top is None or (joint.lower_ == "as" and not frame.denied(top)):
            continue
        yield frame.report("before", verb, writer, frame.clause_end(verb), "before.comparison", firm=False)
        yield frame.report("after", measure, start_of(top), frame.at(joint.i - 1), "after.comparison")


def _by_cleft(frame: Frame) -> Iterator[Report]:
    """As in "What she really hates is noise": a cleft sets what is so against what was held (Prince 1978, Lg. 54)."""
    for what in frame.words:
        if what.lower_ != "what" or frame.floor(what) not in {what.i, what.i - 1}:
            continue
        words = [word for word in frame.words if what.i < word.i]
        anchor = next((word for word in words[:6] if word.lower_ in {"really", "actually", "truly"}), None)
        verb = next((word for word in words[2:] if word.lemma_.lower() == "be" and word.tag_ != "VBN"), None)
        if anchor is not None and verb is not None and anchor.i < verb.i:
            last = [word for word in words if word.lemma_.lower() == "be"][-1]
            yield frame.report("after", anchor, what, frame.clause_end(last), "after.cleft")


def _by_fact(frame: Frame, when: Token) -> Iterator[Report]:
    """As in "I was sure it was noon, when it was actually two": a word of truth sets the fact against the belief."""
    words = [word for word in frame.words if word.i > when.i]
    truth = next((word for word in words[:6] if word.lower_ in {"actually", "really", "fact", "reality"}), None)
    verb = next((word for word in words if word.pos_ in {"VERB", "AUX"} and word.dep_ not in {"aux", "auxpass"}), None)
    if truth is not None and verb is not None:
        first, last = frame.trim(words[0], frame.clause_end(verb))
        yield Report("after", frame.sentence, truth, first, last, "after.fact")


def _by_change_of_mind(frame: Frame, verb: Token) -> Iterator[Report]:
    """As in "It changed my mind", "my view has changed", "she won me over": says that, and not to what."""
    lemma = verb.lemma_.lower()
    objects = {child.lower_ for child in verb.children}
    minds = any(
        child.dep_ in {"dobj", "nsubj", "nsubjpass"}
        and child.lemma_.lower() in _MINDS
        and any(word.lower_ in {"my", "our"} for word in child.children)
        for child in verb.children
    )
    won = lemma == "win" and "over" in objects and bool(objects & WRITER_AS_OBJECT)
    subject = subject_of(verb)
    nothing = subject is not None and any(word.lower_ in frame.lexicon.negators for word in subject.subtree)
    if ((lemma in {"change", "shift", "alter"} and minds) or won) and is_past(verb) and not nothing:
        first, last = frame.trim(start_of(verb), frame.clause_end(verb))
        yield Report("after", frame.sentence, verb, first, last, "after.change_of_mind", bare=True)


def _by_reaching(frame: Frame, verb: Token) -> Iterator[Report]:
    """As in "I came to see that ...", "we ended up loving it", "it started to seem dull"."""
    way = verb.head.lemma_.lower()
    if verb.dep_ not in {"xcomp", "advcl", "pcomp", "ccomp"} or way not in _REACHING or verb.head.i > verb.i:
        return
    if way in {"end", "wind"} and verb.tag_ != "VBG":
        return
    writer, belief = frame.writer_of(verb.head), frame.lexicon.belief(verb)
    held = frame.feeling(verb) is not None or (belief is not None and belief.sort != "speech")
    held = held or is_classing(verb, frame.lexicon)
    if writer is not None and held:
        yield frame.report("after", verb, writer, frame.clause_end(verb), "after.come_to")
    elif writer is None and verb.lemma_.lower() in APPEARING:
        yield frame.report("after", verb, start_of(verb.head), frame.clause_end(verb), "after.come_to")


def _by_mover(frame: Frame, verb: Token) -> Iterator[Report]:
    """As in "It made me realise that ...", "she convinced me that ...", "it dawned on me that ..."."""
    lemma, belief, subject = verb.lemma_.lower(), frame.lexicon.belief(verb), subject_of(verb)
    moved = verb.dep_ in {"ccomp", "xcomp"} and verb.head.lemma_.lower() in _MOVING and lemma not in _FORESEEING
    if moved and belief is not None and subject is not None and subject.lower_ in WRITER_AS_OBJECT:
        yield frame.report("after", verb, start_of(verb.head), frame.clause_end(verb), "after.made_me")
        return
    to_writer = any(
        child.lower_ in WRITER_AS_OBJECT or any(below.lower_ in WRITER_AS_OBJECT for below in child.children)
        for child in verb.children
        if child.dep_ in {"dobj", "dative", "prep"}
    )
    if to_writer and (lemma in _STRIKING or (lemma in _CONVINCING and clause_of(verb) is not None)):
        yield frame.report("after", verb, start_of(verb), frame.clause_end(verb), "after.made_me")


def _by_turning_out(frame: Frame, verb: Token) -> Iterator[Report]:
    """As in "It turned out to be ...", "the cellar proved dry", "it ended up being ..."."""
    lemma = verb.lemma_.lower()
    # "Turns out ..." at the head of a sentence is often no verb to the tagger.
    turned = verb.lower_ in {"turn", "turns", "turned"} and any(
        word.i == verb.i + 1 and word.lower_ == "out" for word in frame.words
    )
    proved = lemma == "prove" and any(child.dep_ in {"acomp", "xcomp", "oprd", "attr"} for child in verb.children)
    ended = lemma == "be" and verb.dep_ in {"xcomp", "advcl", "pcomp"} and verb.head.lemma_.lower() == "end"
    if turned or proved or ended:
        first = start_of(verb.head if ended else verb)
        yield frame.report("after", verb, first, frame.clause_end(verb), "after.turn_out")


def _by_news(frame: Frame, verb: Token) -> Iterator[Report]:
    """As in "I realised that ...", "I found it dull"; "now I think", "I no longer believe", "I have my doubts now"."""
    writer = frame.writer_of(verb)
    if writer is None:
        return
    lexicon, lemma, marks = frame.lexicon, verb.lemma_.lower(), frame.marks_of(verb)
    belief, feels = lexicon.belief(verb), frame.feeling(verb) is not None
    helpers = {child.lower_ for child in verb.children if child.dep_ == "aux"}
    start, end = _start(verb, writer), frame.clause_end(verb)
    closing = "closing" in marks
    if belief is not None and belief.sort == "realisation":
        small = any(
            child.dep_ in _SMALL and child.i > verb.i and not (lemma == "learn" and _is_to_infinitive(child))
            for child in verb.children
        )
        object_ = next((child for child in verb.children if child.dep_ == "dobj"), None)
        if lemma == "find" and object_ is not None and object_.pos_ == "PRON" and end.i > object_.i:
            small = True  # "I found them very frendly": what is said of them is not known to the parser
        small = small or (lemma == "see" and closing and object_ is not None)
        thing = lemma not in _NEEDS_CLAUSE and any(child.dep_ in {"dobj", "prep"} for child in verb.children)
        past = is_past(verb) or bool(helpers & _HAVE)
        told = (
            lemma in {"realise", "realize"}
            or past
            or closing
            or "contrast" in marks
            or bool(helpers & {"could", "can"})
        )
        infinitive = verb.tag_ == "VB" and not helpers & {"can", "did", "do", "could"}
        early = "opening" in marks and not closing
        infinitive = infinitive or (verb.dep_ == "advcl" and all(child.dep_ != "nsubj" for child in verb.children))
        if (small or thing) and told and not infinitive and not early and (lemma != "know" or closing):
            yield frame.report("after", verb, start, end, "after.news")
        return
    rated = lemma in {"say", "call", "rate", "describe", "rank"} and bool(helpers & {"’d", "'d", "would"})
    if rated and closing:
        yield frame.report("after", verb, start, end, "after.now")
    held = feels or (belief is not None and belief.sort == "belief") or is_classing(verb, lexicon)
    present = verb.tag_ in {"VBP", "VBZ"} or bool(helpers & {"am", "’m", "'m", "do", "can", "must", *_HAVE})
    if held and present and (closing or "contrast" in marks):
        yield frame.report("after", verb, start, end, "after.now", firm=closing)
    elif held and closing and is_past(verb):
        yield frame.report("after", verb, start, end, "after.now", firm="opening" not in marks)
    elif closing and present and lemma in {"be", "have"}:
        said = [child for child in verb.children if child.dep_ in {"acomp", "attr", "dobj"}]
        nouns = lexicon.changes["noun"] | {"fan", "believer", "convert"}
        if any(lexicon.is_opinion(child) or child.lemma_.lower() in nouns for child in said):
            yield frame.report("after", verb, start, end, "after.now")


def _is_to_infinitive(verb: Token) -> bool:
    """As in "I learned to bake", which is a skill and no news."""
    return verb.tag_ == "VB" and any(child.lower_ == "to" and child.dep_ == "aux" for child in verb.children)


def _start(verb: Token, writer: Token) -> Token:
    """Where a report begins: at the writer's word, or at a joined verb that shares it."""
    shared = verb.dep_ == "conj" and all(child.i != writer.i for child in verb.children)
    return verb if shared or writer.i > verb.i else writer


def _by_surprise(frame: Frame, word: Token) -> Iterator[Report]:
    """As in "I was pleasantly surprised": what is, is not what was expected."""
    copula = word.head if word.dep_ in {"acomp", "attr"} else word
    writer = frame.writer_of(copula)
    if writer is None or frame.supposed(copula) or frame.denied(copula):
        return
    end = max(frame.clause_end(copula), frame.clause_end(word), key=lambda word: word.i)
    yield frame.report("after", word, writer if writer.i < word.i else copula, end, "after.surprise")


# What stands in the place of a word of news -------------------------------------------------------------------------


def ending(before: Report, lexicon: Lexicon) -> Report | None:
    """The clause that ends a belief: "I used to love him, before he sold out", "I thought so until I read it"."""
    frame = Frame(before.sentence, lexicon)
    words = [word for word in frame.words if word.i > before.last.i and not word.is_punct and not word.is_space]
    if len(words) < 2 or words[0].lower_ not in {"until", "till", "before"} or words[1].pos_ in {"VERB", "AUX"}:
        return None
    verb = next((word for word in words if word.pos_ in {"VERB", "AUX"} and word.dep_ not in {"aux", "auxpass"}), None)
    if verb is None:
        return None
    first, last = frame.trim(words[1], frame.clause_end(verb))
    firm = before.rule == "before.used_to"
    return Report("after", before.sentence, verb, first, last, "after.ending", firm=firm)


def content(sentence: Sentence, lexicon: Lexicon, *, behind: int = -1) -> tuple[Token, Token] | None:
    """The first and last word of the main clause of a sentence, or of what stands `behind` a token of it.

    What stands after "but" outweighs what stands before it (Polanyi and Zaenen 2006, section 2.1), so it is taken.
    """
    frame = Frame(sentence, lexicon)
    words = [token for token in frame.words if token.i > behind and not token.is_space]
    while words and (words[0].is_punct or words[0].lower_ in {"and", "so", "because", "as", "for"}):
        words = words[1:]
    if not words:
        return None
    for token in words[1:]:
        rest = [word for word in words if word.i > token.i]
        if token.dep_ == "cc" and token.lower_ == "but" and any(word.pos_ in {"VERB", "AUX"} for word in rest):
            words = rest
            break
    head = next(
        (word for word in words if word.pos_ in {"VERB", "AUX"} and word.dep_ in {"ROOT", "conj", "ccomp"}), None
    )
    if head is None:
        return frame.trim(words[0], words[-1])
    subject = subject_of(head)
    first = subject.left_edge if subject is not None and words[0].i <= subject.left_edge.i < head.i else words[0]
    return frame.trim(first, frame.clause_end(head))


def evaluation(sentence: Sentence, word: Token, lexicon: Lexicon) -> Report:
    """The clause around an opinion word, as what the writer holds after all."""
    frame = Frame(sentence, lexicon)
    inner = {"relcl", "xcomp", "acl"}
    head = next((up for up in governors(word) if up.pos_ in {"VERB", "AUX"} and up.dep_ not in inner), None)
    if head is None:
        top = next((up for up in governors(word) if up.dep_ == "ROOT"), word)
        first, last = frame.trim(top.left_edge, top.right_edge)
    else:
        start = start_of(head)
        first = start if start.i >= frame.floor(head) else frame.at(frame.floor(head))
        last = max(frame.clause_end(head), word, key=lambda token: token.i)
    return Report("after", sentence, word, first, last, "after.evaluation", firm=False)
