import textwrap
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.cleaning import Source, clean
from analysis.errors import InputError

TEXT = Path(__file__).parent.parent / "data" / "raw" / "networking-sucks.txt"

awkward = st.sampled_from(list("ab \n\r\t\0\v\ufeff\u0301\u0327\u1100\u1161\u11a8\u212b\u2028é가")) | st.characters(
    exclude_categories=["Cs"]
)
words = st.sampled_from("the a reader thought that gardening was expensive, but 1. • > now".split())


def test_the_study_text_needs_no_repair() -> None:
    source = Source.from_path(TEXT)
    assert source.repairs == ()
    assert source.text.encode() == source.raw == TEXT.read_bytes()
    assert {"\xa0", "’", "“", "•"} <= set(source.text)


@settings(deadline=None)
@given(st.text(alphabet=awkward, max_size=40))
def test_cleaning_lists_what_it_does_and_does_it_once(text: str) -> None:
    cleaned, repairs = clean(text)
    assert clean(cleaned) == (cleaned, ())
    assert unicodedata.is_normalized("NFC", cleaned)
    # Replaying the repairs makes the one text from the other: nothing is changed that is not listed.
    pieces, position = [], 0
    for repair in repairs:
        assert text[repair.raw_start : repair.raw_end] == repair.raw_text
        assert cleaned[repair.start : repair.end] == repair.text
        pieces += [text[position : repair.raw_start], repair.text]
        position = repair.raw_end
    assert "".join([*pieces, text[position:]]) == cleaned


@settings(deadline=None)
@given(
    st.lists(st.lists(words, min_size=1, max_size=40).map(" ".join), min_size=1, max_size=4),
    st.integers(35, 125),
    st.sampled_from(["\n", "\r\n"]),
)
def test_wrapping_lists_what_it_does_and_does_it_once(paragraphs: list[str], width: int, end: str) -> None:
    text = (end + end).join(end.join(textwrap.wrap(paragraph, width)) for paragraph in paragraphs)
    cleaned, repairs = clean(text)
    assert clean(cleaned) == (cleaned, ())
    assert all(text[r.raw_start : r.raw_end] == r.raw_text and cleaned[r.start : r.end] == r.text for r in repairs)
    if end == "\n":
        assert len(cleaned) == len(text)


@settings(deadline=None)
@given(st.text(alphabet=awkward, min_size=1, max_size=25), st.data())
def test_every_cleaned_span_leads_back(text: str, data: st.DataObject) -> None:
    cleaned, repairs = clean(text)
    source = Source("document", text.encode(), "utf_8", text, cleaned, repairs)
    start = data.draw(st.integers(0, len(cleaned)))
    end = data.draw(st.integers(start, len(cleaned)))
    raw_start, raw_end = source.to_raw(start, end)
    assert 0 <= raw_start <= raw_end <= len(text)
    byte_start, byte_end = source.to_bytes(start, end)
    assert text.encode()[byte_start:byte_end].decode() == text[raw_start:raw_end]
    # What is outside every repair comes back letter for letter.
    if not any((repair.start < end and start < repair.end) or start <= repair.start < end for repair in repairs):
        assert text[raw_start:raw_end] == cleaned[start:end]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_reads_common_encodings(encoding: str) -> None:
    text = "I thought the café was dear — it’s “fine”. We went there on Monday and ate soup."
    raw = text.encode(encoding)
    source = Source.from_bytes(raw)
    assert source.text == text
    start, end = source.to_bytes(text.index("café"), text.index("café") + 4)
    plain = encoding.removesuffix("-sig")
    unmarked = {"utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(plain, plain)
    assert raw[start:end] == "café".encode(unmarked)


def test_lines_set_to_a_width_are_joined_and_others_are_not() -> None:
    prose = "The allotment lies behind the station, and whoever wants one waits for nine years or more, it is said."
    wrapped = "\n".join(textwrap.wrap(prose, 60))
    assert clean(wrapped)[0] == prose
    assert {repair.kind for repair in clean(wrapped)[1]} == {"wrapped line"}
    for kept in ["Title of it\nby Ann Baker", "Roses are red\nViolets are blue", f"{prose * 2}\n{prose * 2}"]:
        assert clean(kept) == (kept, ())


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "holds no words"),
        (b" \n\t ", "holds no words"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00" * 9, "no text"),
        (bytes(range(256)) * 4, "no text"),
    ],
)
def test_says_what_is_wrong_with_a_file(raw: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "essay.txt"
    path.write_bytes(raw)
    with pytest.raises(InputError, match=says) as error:
        Source.from_path(path)
    assert "essay.txt" in str(error.value)


def test_says_which_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nope\.txt: no such file"):
        Source.from_path(tmp_path / "nope.txt")
    with pytest.raises(InputError, match="directory"):
        Source.from_path(tmp_path)
