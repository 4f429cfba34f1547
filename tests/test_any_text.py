"""Any text at all is read without a fault, the same each time, and without a network."""

import socket
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from analysis import InputError, Source, Study, read
from analysis.finding import finding
from analysis.report import report
from analysis.saving import tables

# Any characters, lone surrogates and controls among them, and words that the rules look at.
words = st.sampled_from(
    "I thought the author hated soup . But then realised that she only loves it , not them ! “ ” \" ' ( ) - • > # 1. by"
    " Ann Baker \n \n\n however ? only people who care are never good".split(" ")
)
anything = st.lists(words | st.text(max_size=4), max_size=25).map(" ".join) | st.text(max_size=40)

SPANS = [
    ("claims", "start", "end", "text"),
    ("cues", "cue_start", "cue_end", "cue"),
    ("claims", "target_start", "target_end", "target_text"),
    ("sentences", "start", "end", "text"),
    ("mentions", "start", "end", "text"),
    ("voices", "start", "end", "text"),
    ("shifts", "before_start", "before_end", "before_text"),
    ("shifts", "after_start", "after_end", "after_text"),
    ("alignment", "start", "end", "text"),
    ("repairs", "start", "end", "text"),
]


def check(study: Study) -> None:
    for name, start, end, text in SPANS:
        for row in getattr(study, name).to_dict("records"):
            source = study.sources[row["source"]]
            assert source.text[row[start] : row[end]] == row[text], name
            raw_start, raw_end = source.to_raw(row[start], row[end])
            assert 0 <= raw_start <= raw_end <= len(source.decoded)
    finding(study)
    report(study)
    study._repr_html_()


@settings(deadline=None, max_examples=120, suppress_health_check=list(HealthCheck))
@given(anything, anything)
@example("\udce9 soup is bad", "I thought it was good. \ud800")
@example("# \n\n>", "•\n1. \n- ")
@example("-", "=1+1")
def test_any_two_texts_are_read(essay: str, response: str) -> None:
    try:
        sources = Source.from_text(essay), Source.from_text(response)
    except InputError:
        return  # a clear no; tests/inputs.csv says to what
    study = read(*sources)
    check(study)
    again = read(*sources)
    for name, table in tables(study).items():
        pd.testing.assert_frame_equal(table, tables(again)[name])


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(anything, st.sampled_from(["", ".md", ".html"]))
def test_any_document_is_read(text: str, suffix: str) -> None:
    try:
        source = Source.from_bytes(text.encode("utf-8", errors="replace"), suffix=suffix)
    except InputError:
        return
    check(read(source))


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=60))
def test_any_bytes_are_a_text_or_a_clear_no(raw: bytes) -> None:
    try:
        source = Source.from_bytes(raw)
    except InputError:
        return
    assert source.decoded.encode(source.encoding, errors="surrogateescape")
    start, end = source.to_bytes(0, len(source.text))
    assert 0 <= start <= end


def test_nothing_is_asked_of_any_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    study = read(
        "Soup is awful. See http://example.org/soup.", "I thought the author hated soup. Now I see she hates salt."
    )
    study.save(tmp_path)
