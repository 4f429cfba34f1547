import time
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


UMBRELLA = "I gave up my umbrella on a bridge, in a wind, in the year that I turned forty."
GRANDMOTHER = "My grandmother gave me my first, a red one, and told me that a girl with it need never ask a favour."


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        (
            f"7 Quay Street\nHarwick\n\n3 June\n\nDear Ms Farrow,\n\nYou write in your column:\n\n    {UMBRELLA}\n\n"
            "I sell umbrellas, and I was cross.\n\nYours sincerely,\n\nRobert Pym\n\nP.S. I enclose one.",
            [X, X, X, X, R, A, R, X, X, R],
            "a letter with an address, a salutation, an indented quotation, a signature and a postscript",
        ),
        (
            f"AGAINST UMBRELLAS\nwords: Della Farrow\npictures: Abe Linnick\n\n{UMBRELLA}\n\n{GRANDMOTHER}\n\n"
            "Well, I read it twice, and Farrow has a point.",
            [X, X, X, A, A, R],
            "a title in capitals with credits, and no mark before the comment",
        ),
        (
            f"Me: I read this on the train.\n\nQ: {UMBRELLA}\n\nMe: that's me\n\nQ: {GRANDMOTHER}",
            [R, A, R, A],
            "labels, of which Q is for a quotation where nobody answers it",
        ),
        (
            "Q: Why did you write it?\n\nA: I was wet.\n\nQ: And now?\n\nA: I am dry.",
            [R, A, R, A],
            "an interview",
        ),
        (
            f"[Author]\n\n{UMBRELLA}\n\n[Me]\n\nI own four.\n\n[Author]\n\n{GRANDMOTHER}\n\n[Me]\n\nMine was blue.",
            [X, A, X, R, X, A, X, R],
            "labels on lines of their own",
        ),
        (
            "E.S.: You wrote that you hate them.\n\nD.F.: I never did.\n\n[laughter]\n\n"
            "E.S.: I was angry at your essay.\n\nD.F.: Everybody was.\n\n"
            "Della Farrow's essay is still on our door.\n\nEdmund Strake, captain",
            [R, A, X, R, A, R, X],
            "initials of which one has the author's name, and one that of who signs",
        ),
        (
            f"From: Ann\nTo: Bob\nSubject: umbrellas\n\nHi Bob,\n\nOn Tue, 8 Oct, Ann wrote:\n\n> It annoyed me.\n\n"
            f"> > {UMBRELLA}\n\nIt still does.\n\nCheers\nAnn",
            [X, X, X, X, X, R, A, R, X, X],
            "one's own mail, quoted, with what it quotes",
        ),
        (
            "I did not expect to like this.\n\n---------- Forwarded message ----------\nFrom: Ann\n\n"
            f"Against Umbrellas\nby Della Farrow, Weekend\n\n{UMBRELLA}\n\n{GRANDMOTHER}\n\n"
            "End of forwarded message\n\nNow I want one.",
            [R, X, X, X, X, A, A, X, R],
            "an article that was forwarded, between comments",
        ),
        (
            f"*{UMBRELLA}*\n\nOurs is a dry town.\n\n*{GRANDMOTHER}*\n\nMine gave me socks.",
            [A, R, A, R],
            "italics for what is quoted",
        ),
        (
            f"I found this.\n\n“{UMBRELLA}\n\n“{GRANDMOTHER}\n\n“I never asked one.”\n\nI would have.",
            [R, A, A, A, R],
            "a quotation of several paragraphs",
        ),
        (
            f"p. 4: “{UMBRELLA}”\n\nI could not.\n\n‘{GRANDMOTHER}’ (p. 5)\n\nI don’t believe it.",
            [A, R, A, R],
            "quotations with their pages",
        ),
        (
            f"{UMBRELLA}\n\n[I stopped here and laughed, because I did that too.]\n\n{GRANDMOTHER}",
            [A, R, A],
            "remarks in brackets between an author's paragraphs",
        ),
        (
            "Against Umbrellas: a reply\nby Robert Pym\n\nI sell umbrellas.\n\nPeople buy them.",
            [X, X, R, R],
            "a byline under the reader's own title",
        ),
        (
            "Against Umbrellas\nby Della Farrow\n\nI gave up mine.\n\n“You will catch your death,” said a man.\n\n"
            "“I have been catching it for years,” I said.",
            [X, X, A, A, A],
            "an essay alone, in which somebody speaks",
        ),
        (
            f"On umbrellas\nby Della Farrow\n\nI\n\n{UMBRELLA}\n\nII\n\n{GRANDMOTHER}\n\n"
            "Della Farrow lives in Harwick.\n\n*\n\nI read it twice. The author can't be serious.\n\nBest, Ann",
            [X, X, X, A, X, A, X, X, R, X],
            "numbered parts, a line on the author's life, a star, and leave taken on one line",
        ),
    ],
)
def test_kinds_of_documents(text: str, expected: list[str], why: str) -> None:
    assert voices(text) == expected, why


def test_a_response_may_come_as_a_letter_and_quote_paragraph_by_paragraph() -> None:
    response = (
        f"From: Ann\nSubject: your essay\n\nDear Ms Farrow,\n\n> {UMBRELLA}\n\nI could not.\n\n> > {GRANDMOTHER}\n\n"
        f"Nor this.\n\n‘{UMBRELLA}’\n\nBut you are right.\n\nKind regards,\nAnn"
    )
    assert voices(response, "response") == [X, X, X, A, R, A, R, A, R, X, X]
    roles = [paragraph.role for paragraph in find_voices(Source.from_text(response, name="response"))]
    assert roles[:3] == ["header", "header", "salutation"]
    assert roles[-2:] == ["signature", "signature"]


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        (
            f"I read this.\n\n*{UMBRELLA}*\n\nOh *dear* me, that is *me*.\n\n_{GRANDMOTHER}_\n\nMine gave me socks.",
            ".md",
        ),
        (
            f"<p>I read this.</p><p><em>{UMBRELLA}</em></p><p><i>Oh</i> dear me, that I am, <i>too</i></p>"
            f"<blockquote>{GRANDMOTHER}</blockquote><p>Mine gave me socks.</p>",
            ".html",
        ),
    ],
)
def test_what_stands_in_italics_is_quoted_though_cleaning_took_the_marks(text: str, suffix: str) -> None:
    source = Source.from_bytes(text.encode(), suffix=suffix)
    assert "*" not in source.text
    assert [paragraph.voice for paragraph in find_voices(source)] == [R, A, R, A, R]


def test_a_label_is_no_part_of_the_words() -> None:
    source = Source.from_text("Me: I agree.\n\nAuthor: I bake.")
    assert [source.text[p.start : p.end] for p in find_voices(source)] == ["I agree.", "I bake."]


def test_what_nothing_marks_is_unsure() -> None:
    essay = [UMBRELLA, GRANDMOTHER, "She had eleven of them. Nobody came to see her for three days when she died."]
    text = "\n\n".join([*essay, "I read this essay with my coat on. I don't agree with the author at all."])
    told = find_voices(Source.from_text(text))
    assert told[-1].voice == "reader"
    assert not told[-1].unsure
    assert all(paragraph.voice == "author" or paragraph.unsure for paragraph in told[:-1])


def test_a_plain_text_and_marked_quotations_raise_no_doubt() -> None:
    for text in ("I like soup.\n\nVery much.", f"She writes:\n\n> {UMBRELLA}\n\nI disagree.\n\n> {GRANDMOTHER}\n\nOh."):
        assert not any(paragraph.unsure for paragraph in find_voices(Source.from_text(text)))


def test_time_grows_with_the_text_and_no_faster() -> None:
    def seconds(posts: int) -> float:
        post = "\n\n".join(["On bread", "by Ann{0} Baker{0}", *[UMBRELLA] * 4, "I read the essay by Baker{0} twice."])
        source = Source.from_text("\n\n".join(post.format(number) for number in range(posts)))
        start = time.perf_counter()
        find_voices(source)
        return time.perf_counter() - start

    assert seconds(800) < 12 * seconds(200)
