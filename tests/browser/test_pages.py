"""Every page at two widths, light and dark: quiet, local, no wider than the screen, and fit for a screen reader."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "build" / "site"
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html") if "_static" not in path.parts)
SIZES = {"desk": (1280, 900), "phone": (390, 844)}
THEMES = ("light", "dark")

# nbconvert writes this where a picture has no alt text, and axe accepts it.
NO_WORDS = "No description has been provided"


def stored_alts() -> set[str]:
    """What the notebooks say that their figures show."""
    return {
        " ".join(output["metadata"]["image/png"]["alt"].split())
        for path in (ROOT / "build" / "notebooks").glob("*.ipynb")
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    }


class Watched:
    """A page with what it complained of and what it asked for."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.complaints: list[str] = []
        self.elsewhere: list[str] = []
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

        def let(route: Route) -> None:
            if route.request.url.startswith((address, "data:", "blob:")):
                route.continue_()
            else:
                self.elsewhere.append(route.request.url)
                route.abort()

        page.route("**/*", let)

    def open(self, name: str) -> Page:
        self.page.goto(f"{self.address}/{name}", wait_until="load")
        return self.page


@pytest.fixture(scope="module", params=[(size, theme) for size in SIZES for theme in THEMES], ids="-".join)
def context(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    size, theme = request.param
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)
    context.add_init_script(f"localStorage.setItem('mode', '{theme}'); localStorage.setItem('theme', '{theme}')")
    yield context
    context.close()


@pytest.fixture
def watched(context: BrowserContext, address: str) -> Iterator[Watched]:
    page = context.new_page()
    yield Watched(page, address)
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_quiet_local_fits_and_can_be_read_aloud(watched: Watched, name: str) -> None:
    page = watched.open(name)
    assert watched.complaints == []
    assert watched.elsewhere == []
    wide = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide[0] <= wide[1] + 1, f"scrolls sideways: {wide}"
    alts = page.eval_on_selector_all(".bd-article img", "images => images.map(image => image.alt)")
    for alt in alts:
        assert " ".join(alt.split()) in stored_alts()
        assert NO_WORDS not in alt
        assert not alt.endswith((".png", ".svg"))
    for alt in page.eval_on_selector_all("main > figure img", "images => images.map(image => image.alt)"):
        assert len(alt) > 40  # the report, whose words are in no notebook
        assert not alt.endswith((".png", ".svg"))
    found = Axe().run(page).response["violations"]
    grave = [
        f"{each['id']} ({each['impact']}): {node['target']} {node['html'][:160]}"
        for each in found
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"][:3]
    ]
    assert grave == []


@pytest.mark.parametrize("name", [name for name in PAGES if name.startswith("notebooks/")])
def test_code_is_folded_and_results_are_not(watched: Watched, name: str) -> None:
    page = watched.open(name)
    folds = page.locator("details.above-input")
    assert folds.count()
    assert page.eval_on_selector_all("details.above-input", "all => all.every(one => !one.open)")
    assert page.locator("div.cell_output").first.is_visible()


def test_every_figure_is_on_some_page(browser: Browser, address: str) -> None:
    page = browser.new_page()
    seen: set[str] = set()
    for name in PAGES:
        page.goto(f"{address}/{name}")
        alts = page.eval_on_selector_all(".bd-article img", "images => images.map(image => image.alt)")
        seen |= {" ".join(alt.split()) for alt in alts}
    page.close()
    assert seen == stored_alts()
    assert len(seen) > 5


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
@pytest.mark.parametrize("size", SIZES)
def test_the_text_tells_its_claims_by_keyboard(browser: Browser, address: str, size: str, script: bool) -> None:
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{address}/text.html")
    cue = page.locator(".annotated a.cue").first
    tip = page.locator(f"#{cue.get_attribute('aria-describedby')}")
    assert not tip.is_visible()
    # From the link before it, as somebody would who has only a keyboard.
    page.locator(".annotated a").nth(1).focus()
    for _ in range(12):
        page.keyboard.press("Tab")
        if cue.evaluate("one => one === document.activeElement") if script else tip.is_visible():
            break
    assert tip.is_visible()
    assert "score" in tip.inner_text()
    box = tip.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    page.keyboard.press("Tab")
    assert not tip.is_visible()
    context.close()


def test_before_after_and_claims_link_to_each_other(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/text.html")
    targets = page.eval_on_selector_all(".annotated a[href^='#']", "all => all.map(one => one.getAttribute('href'))")
    assert {"#before-0", "#after-0", "#claim-0", "#cue-0"} <= set(targets)
    missing = [target for target in set(targets) if page.locator(target).count() != 1]
    assert missing == []
    page.locator("#before-0 a").first.click()
    assert page.url.endswith("#after-0")
    page.close()


def test_the_report_shows_figures_and_lets_nothing_run(watched: Watched) -> None:
    page = watched.open("example-report.html")
    widths = page.eval_on_selector_all("main > figure img", "images => images.map(image => image.naturalWidth)")
    assert len(widths) >= 3
    assert all(widths)
    policy = page.get_attribute("meta[http-equiv='Content-Security-Policy']", "content")
    assert policy is not None
    assert "default-src 'none'" in policy


def test_the_front_page_leads_through_four_doors(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/index.html")
    doors = page.eval_on_selector_all("ul.doors a", "all => all.map(one => one.href)")
    assert len(doors) == 4
    for door in doors:
        answer = page.goto(door)
        assert answer is not None
        assert answer.ok
    page.close()
