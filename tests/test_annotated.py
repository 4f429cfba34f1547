"""The text with its claims, as HTML: nothing lost, nothing let through, every link leading somewhere."""

import html
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import Source, Study, read
from analysis.annotated import annotated_css, annotated_text
from analysis.finding import turn_in_words

DATA = Path(__file__).parent.parent / "data"
PAIRS = Path(__file__).parent / "pairs"


# What no text in an encoding holds is refused before.
PRINTED = st.characters(exclude_categories=["Cc", "Cs"])


class Words(HTMLParser):
    """The words of a page; those of the text alone without what has the class `note`."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.paragraphs, self._skipped, self._inside = "", [], 0, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = (dict(attrs).get("class") or "").split()
        if tag == "p" and not self._skipped:
            self._inside = True
            self.paragraphs.append("")
        if self._skipped or "note" in classes:
            self._skipped += 1
            self._inside = self._inside and tag != "p"

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            self._skipped -= 1
        elif tag == "p":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside and not self._skipped:
            self.paragraphs[-1] += data


def words_of(page: str) -> str:
    parser = Words()
    parser.feed(page)
    return " ".join(" ".join(parser.paragraphs).split())


def tree(page: str) -> ET.Element:
    return ET.fromstring(f"<root>{page}</root>")


@pytest.fixture(scope="module", params=["the study", "p02", "p03"])
def study(request: pytest.FixtureRequest) -> Study:
    if request.param == "the study":
        return read(DATA / "raw" / "networking-sucks.txt", targets=DATA / "targets.csv")
    return read(PAIRS / f"{request.param}-essay.txt", PAIRS / f"{request.param}-response.txt")


@pytest.fixture(scope="module")
def page(study: Study) -> str:
    return annotated_text(study)


def test_the_whole_text_stands_there_in_its_order(study: Study, page: str) -> None:
    whole = " ".join(" ".join(source.text.split()) for source in study.sources.values())
    assert words_of(page) == whole


def test_every_claim_has_a_row_and_a_place_and_both_lead_to_each_other(study: Study, page: str) -> None:
    root = tree(page)
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    links = {element.attrib["href"].removeprefix("#") for element in root.iter("a")}
    assert links <= set(ids)
    for number in range(len(study.claims)):
        assert {f"claim-{number}", f"cue-{number}"} <= set(ids)
        assert f"cue-{number}" in links
    for cue in (element for element in root.iter("a") if element.attrib.get("class") == "cue"):
        [tip] = [element for element in root.iter() if element.attrib.get("id") == cue.attrib["aria-describedby"]]
        assert tip.attrib["role"] == "tooltip"
        assert "score" in "".join(tip.itertext())
    rows = [element for element in root.iter("tr") if element.attrib.get("id", "").startswith("claim-")]
    assert ["".join(next(row.iter("th")).itertext()) for row in rows] == study.claims["text"].tolist()


def test_before_after_and_turn_stand_out_and_link_to_each_other(study: Study, page: str) -> None:
    root = tree(page)
    tags = {
        element.attrib["id"]: element for element in root.iter() if "tag" in element.attrib.get("class", "").split()
    }
    turned = not study.turns["turn_sentence"].isna().all()
    assert set(tags) == {"before-0", "after-0"} | ({"turn-0"} if turned else set())
    for name, element in tags.items():
        assert "".join(element.itertext()).startswith(name.split("-")[0].upper())
        assert {link.attrib["href"].removeprefix("#") for link in element.iter("a")} == set(tags) - {name}
    if not turned:
        assert html.escape(turn_in_words(study, study.turns.iloc[0].to_dict())) in page


def test_no_mark_is_a_colour_alone(study: Study, page: str) -> None:
    for claim in study.claims.to_dict("records"):
        assert f"{'▼' if claim['polarity'] < 0 else '▲'} {study.label(claim['target'])}" in page
    for voice in {"reader", "author"}:
        assert f'<span class="voice note">{voice}</span>' in page


def test_what_a_text_holds_is_shown_and_not_obeyed() -> None:
    text = 'The <script>alert("x")</script> soup is awful & "cold". <img src=x onerror=alert(1)>'
    page = annotated_text(read(Source.from_text(text), Source.from_text("Well <b>done</b>.")))
    names = {element.tag for element in tree(page).iter()}
    assert names.isdisjoint({"script", "img", "b"})
    assert '<script>alert("x")</script>' in words_of(page)


def test_a_study_without_claims_or_shifts_is_told_too() -> None:
    page = annotated_text(read(None, Source.from_text("It rains.")))
    assert "states no change of belief" in page
    assert "No claim was found" in page
    assert "<table>" not in page


@settings(max_examples=25, deadline=None)
@given(st.text(PRINTED, max_size=60), st.text(PRINTED, max_size=60))
def test_any_text_comes_out_well_formed_and_whole(essay: str, response: str) -> None:
    told = f"I thought the soup was awful {response}. But it was wonderful.{essay}"
    study = read(Source.from_text(told))
    page = annotated_text(study)
    HTMLParser().feed(page)
    assert words_of(page) == " ".join(study.sources["document"].text.split())


def test_the_style_needs_nothing_from_elsewhere() -> None:
    assert "url(" not in annotated_css()
    assert "@import" not in annotated_css()
    outside = [line for line in annotated_css().splitlines() if line.endswith("{") and not line.startswith("@")]
    assert all(".annotated" in line for line in outside)
