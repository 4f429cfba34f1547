import re
from html import unescape
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from build import PageError, build_site, figures_of, requests_elsewhere

# One white point.
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAG7buVgAAAABJRU5ErkJggg=="
ALT = 'The reader\'s "negative" claims, 2 of <3>, in a bar.'


def figure(alt: str) -> NotebookNode:
    data = {"image/png": PNG, "text/plain": f"Figure: {alt} [data 0]"}
    return new_output("display_data", data=data, metadata={"image/png": {"alt": alt}})


def notebook(*outputs: NotebookNode, words: str = "Some words.") -> NotebookNode:
    return new_notebook(
        cells=[
            new_markdown_cell(f"# A toy\n\n{words}"),
            new_code_cell("secret = 1", execution_count=1),
            new_code_cell("show(axes)", execution_count=2, outputs=list(outputs), metadata={"tags": ["kept"]}),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )


def build(toy: NotebookNode, folder: Path) -> Path:
    path = folder / "01-toy.ipynb"
    nbformat.write(toy, path)
    build_site([path], work=folder / "work", site=folder / "site")
    return folder / "site"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages of a notebook with a figure and a table; making them raises when Sphinx warns of anything."""
    table = new_output(
        "display_data", data={"text/html": "<table><tr><td>reader</td></tr></table>", "text/plain": "reader"}
    )
    toy = notebook(figure(ALT))
    toy.cells.append(new_code_cell("table", execution_count=3, outputs=[table]))
    return build(toy, tmp_path_factory.mktemp("site"))


def test_alt_text_arrives(site: Path) -> None:
    page = (site / "notebooks/01-toy.html").read_text(encoding="utf-8")
    assert [unescape(alt) for alt in re.findall(r'<img alt="([^"]*)" src="../_images/', page)] == [ALT]
    assert "<td>reader</td>" in page


def test_code_is_folded_away_and_still_there(site: Path) -> None:
    page = (site / "notebooks/01-toy.html").read_text(encoding="utf-8")
    folded = re.findall(r'<details class="[^"]*hide above-input">.*?</details>', page, re.DOTALL)
    assert len(folded) == page.count("cell_input") == 3
    assert "secret" in folded[0]


def test_front_page_leads_to_the_notebook(site: Path) -> None:
    assert 'href="notebooks/01-toy.html"' in (site / "index.html").read_text(encoding="utf-8")


def test_front_page_tells_the_finding_and_has_four_doors(site: Path) -> None:
    page = (site / "index.html").read_text(encoding="utf-8")
    told = unescape(re.sub(r"<[^>]+>", "", page))
    for words in ("negative about networking", "pessimistic about transactional people", "How sure we are", "kappa"):
        assert words in told
    doors = re.findall(r'<li><a href="([^"]+)"><strong>', page)
    assert len(doors) == 4
    pages = {"notebooks/04-the-readers-move.html", "notebooks/05-how-far-to-trust-it.html"}  # not in the toy
    assert all((site / door).is_file() for door in doors if door not in pages)


def test_the_text_stands_there_with_its_claims(site: Path) -> None:
    page = (site / "text.html").read_text(encoding="utf-8")
    assert 'class="annotated"' in page
    assert "Networking is a funny concept" in unescape(re.sub(r"<[^>]+>", "", page)) or "funny" in page
    assert 'id="before-0"' in page
    assert 'id="after-0"' in page


def test_each_notebook_can_be_had_as_a_file(site: Path) -> None:
    page = (site / "notebooks/01-toy.html").read_text(encoding="utf-8")
    [link] = re.findall(r'href="\.\./(_downloads/[^"]+\.ipynb)"', page)
    assert nbformat.read(site / link, as_version=4).cells


def test_pages_fetch_nothing_from_elsewhere(site: Path) -> None:
    assert len(list(site.rglob("*.html"))) > 1
    assert list(requests_elsewhere(site)) == []


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://example.org/a.js"></script>',
        "<script src=//example.org/a.js></script>",
        '<link rel="stylesheet" href="http://example.org/a.css">',
        '<link rel="preload" as="font" href="https://example.org/a.woff2">',
        '<link rel="shortcut icon" href="https://example.org/a.ico">',
        '<img alt="" src="https://example.org/a.png">',
        '<div style="background: url(https://example.org/a.png)"></div>',
        "<style>@import 'https://example.org/a.css';</style>",
    ],
)
def test_what_a_page_would_fetch_is_found(tmp_path: Path, html: str) -> None:
    (tmp_path / "page.html").write_text(f"<html><body>{html}</body></html>", encoding="utf-8")
    (found,) = requests_elsewhere(tmp_path)
    assert found.startswith("page.html: ")
    assert "example.org" in found


def test_what_a_stylesheet_would_fetch_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text('@font-face { src: url("https://example.org/a.woff2") }', encoding="utf-8")
    assert len(list(requests_elsewhere(tmp_path))) == 1


def test_links_to_follow_are_no_requests(tmp_path: Path) -> None:
    html = (
        '<a href="https://example.org/">there</a> <link rel="canonical" href="https://example.org/"> <img src="a.png">'
    )
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    assert list(requests_elsewhere(tmp_path)) == []


def test_two_figures_in_a_cell_are_refused() -> None:
    with pytest.raises(PageError, match="toy, cell 2: 2 figures"):
        figures_of(notebook(figure("One."), figure("Two.")), "toy")


@pytest.mark.parametrize("alt", ["", "  "])
def test_a_figure_without_alt_text_is_refused(alt: str) -> None:
    with pytest.raises(PageError, match="toy, cell 2: a figure without alt text"):
        figures_of(notebook(figure(alt)), "toy")


def test_a_warning_of_sphinx_stops_it(tmp_path: Path) -> None:
    with pytest.raises(PageError, match="Sphinx could not make the pages"):
        build(notebook(words="A [link](nowhere.md) to nowhere."), tmp_path)
    assert not (tmp_path / "site").exists()
