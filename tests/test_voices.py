from pathlib import Path

import pytest

from analysis.cleaning import Source
from analysis.errors import InputError
from analysis.voices import find_voices

R, A, X = "reader", "author", "apparatus"


def voices(text: str, name: str = "document") -> list[str]:
    return [paragraph.voice for paragraph in find_voices(Source.from_text(text, name=name))]


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("I like soup.\n\nVery much.", [R, R], "nothing but the reader"),
        (
            "Cold soup is a crime\nby Ann Baker\n\nI will not eat it.\n\nI think the author is too strict.",
            [X, X, A, R],
            "title and byline, then somebody speaks of the author",
        ),
        (
            "Here is what Ann Baker says about it:\n\n“Bread is flour and patience. I love it.”\n\nI agree.",
            [R, A, R],
            "a quotation that was led in ends with its marks",
        ),
        ("She writes:\n\n> I hate cake.\n> It is vile.\n\nI disagree.", [R, A, A, R], "a block quote"),
        (
            "Bread is hard.\n\n“It is only flour and patience.”\n\nI doubt it.",
            [R, A, R],
            "a paragraph in quotation marks",
        ),
        (
            "I have three reasons:\n\n1. It is late.\n2. It is cold.\n\nThe author disagrees.",
            [R, R, R, R],
            "one's own list is one's own",
        ),
        (
            "On bread\n\nby Ann Baker\n\nI bake.\n\nHere are some of her rules\n\n• Use salt.\n• Wait.\n\nI shall.",
            [X, X, A, R, A, A, R],
            "a list of hers, led in by the reader",
        ),
        (
            "On bread\n\nby Ann Baker\n\nHere are my rules:\n\n• Use salt.\n• Wait.\n\nWhen Baker says so, I do.",
            [X, X, A, A, A, R],
            "a list of hers, led in by herself",
        ),
        (
            "# On bread\n\nBy Ann Baker\n\nI bake every day.\n\n---\n\nMy thoughts\n\nI envy her.\n\n"
            "References\n\nBaker, A. (2020).",
            [X, X, A, X, R, R, X, X],
            "a ruler, a heading for one's own part, and references",
        ),
        ("However, in May, the bread (2016) was good.", [R], "a sentence with a year is no reference"),
    ],
)
def test_who_has_the_word(text: str, expected: list[str], why: str) -> None:
    assert voices(text) == expected, why


def test_two_files_need_no_guessing() -> None:
    essay = "On bread\n\nI bake. I think the author of cookbooks lies."
    assert voices(essay, "essay") == [X, A]
    assert voices("By the way, I read it.\n\n“Bread is flour.”\n\n> I bake.\n\nI do not.", "response") == [R, A, A, R]


def test_offsets_leave_out_list_markers_and_quote_marks() -> None:
    source = Source.from_text("  • One.\n2. Two.\n> Three.", name="response")
    assert [source.text[p.start : p.end] for p in find_voices(source)] == ["One.", "Two.", "Three."]


def test_a_sidecar_overrules_and_may_cut_a_paragraph(tmp_path: Path) -> None:
    source = Source.from_text("I read: bread is hard. I doubt it.")
    sidecar = tmp_path / "voices.csv"
    sidecar.write_text("start,end,voice\n8,22,author\n")
    told = [(source.text[p.start : p.end], p.voice, p.rule) for p in find_voices(source, sidecar=sidecar)]
    own = "the document's own writer"
    assert told == [
        ("I read:", "reader", own),
        ("bread is hard.", "author", "told by the sidecar"),
        ("I doubt it.", "reader", own),
    ]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("start,end\n0,2\n", "no column voice"),
        ("start,end,voice\n0,two,author\n", "row 2: start and end must be whole numbers"),
        ("start,end,voice\n0,2,narrator\n", "row 2: voice 'narrator' is unknown"),
        ("start,end,voice\n0,999,author\n", "does not lie in the text"),
        ("start,end,voice\n5,3,author\n", "does not lie in the text"),
        ("start,end,voice\n0,5,author\n3,8,reader\n", "overlap"),
        ("start,end,voice\n0,5\n", "row 2: 2 cells where the first row has 3"),
        ("", "is empty"),
    ],
)
def test_says_what_is_wrong_with_a_sidecar(rows: str, says: str, tmp_path: Path) -> None:
    sidecar = tmp_path / "voices.csv"
    sidecar.write_text(rows)
    with pytest.raises(InputError, match=says) as error:
        find_voices(Source.from_text("I read: bread is hard."), sidecar=sidecar)
    assert "voices.csv" in str(error.value)
