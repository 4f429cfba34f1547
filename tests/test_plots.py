import base64
import dataclasses
import math
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import pandas as pd
import pytest
from matplotlib.axes import Axes

from analysis import Source, Study, read
from analysis.plots import (
    COLOURS,
    MARKERS,
    describe_arc,
    describe_claims,
    describe_move,
    describe_polarity,
    describe_shares,
    describe_variations,
    describe_voices,
    drawn_mark,
    plot_arc,
    plot_claims,
    plot_move,
    plot_polarity,
    plot_shares,
    plot_variations,
    plot_voices,
    show,
    style,
)

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture(scope="module")
def study() -> Study:
    return read(DATA / "raw" / "networking-sucks.txt", targets=DATA / "targets.csv")


@pytest.fixture(scope="module")
def labels(study: Study) -> dict[str, str]:
    return {target.name: target.label for target in study.targets}


def words_in(ax: Axes) -> str:
    drawn = [*ax.texts, *ax.get_xticklabels(), *ax.get_yticklabels()]
    return " ".join([ax.get_title(loc="left"), *(text.get_text() for text in drawn)]).replace("\n", " ")


def test_the_strip_shows_every_paragraph_and_mention(study: Study, labels: dict[str, str]) -> None:
    ax = plot_voices(study.voices, study.mentions, labels=labels)
    assert len(ax.patches) == len(study.voices)
    strokes = [len(line.get_xdata()) for line in ax.lines if line.get_marker() == "|"]
    assert strokes == [(study.mentions["target"] == target).sum() for target in labels]
    assert set(labels.values()) <= {text.get_text().replace("\n", " ") for text in ax.get_yticklabels()}


def test_the_strip_in_words(study: Study, labels: dict[str, str]) -> None:
    alt = describe_voices(study.voices, study.mentions, labels=labels)
    for target, label in labels.items():
        assert f"{label} {(study.mentions['target'] == target).sum()}" in alt


@pytest.mark.parametrize("voice", ["reader", "author"])
def test_unknown_sentences_are_hollow(voice: str, study: Study) -> None:
    own = study.sentences[study.sentences["voice"] == voice]
    ax = plot_polarity(own)
    known, unknown = ax.lines[0], ax.lines[1]
    assert len(known.get_xdata()) == own["polarity"].notna().sum()
    assert known.get_marker() == MARKERS[voice]
    assert known.get_color() == COLOURS[voice]
    assert len(unknown.get_xdata()) == own["polarity"].isna().sum()
    assert unknown.get_markerfacecolor() == "white"
    assert f"{own['polarity'].isna().sum()} of {len(own)}" in ax.get_title(loc="left")


def test_polarity_in_words(study: Study) -> None:
    own = study.sentences[study.sentences["voice"] == "author"]
    alt = describe_polarity(own)
    assert f"{own['polarity'].mean():+.2f} (n = {own['polarity'].notna().sum()})" in alt
    unheard = describe_polarity(own.assign(polarity=float("nan")))
    assert f"{len(own)} hold no word" in unheard
    assert "nan" not in unheard


def test_the_move_shows_both_beliefs_in_their_places(study: Study, labels: dict[str, str]) -> None:
    shift = study.shifts.iloc[0].to_dict()
    ax = plot_move(shift, labels=labels)
    markers = [line for line in ax.lines if line.get_marker() in {"v", "^", "o"}]
    assert [line.get_ydata()[0] for line in markers] == [shift["before_polarity"], shift["after_polarity"]]
    assert [line.get_marker() for line in markers] == ["v", "v"]
    shown, alt = words_in(ax), describe_move(shift, labels=labels)
    for words in (
        shift["before_text"],
        shift["after_text"],
        "negative about networking",
        "pessimistic about transactional",
    ):
        assert words in shown
        assert words in alt


def test_the_claims_are_counted_by_holder_and_sign(study: Study, labels: dict[str, str]) -> None:
    ax = plot_claims(study.claims, labels=labels)
    marks = [line.get_marker() for line in ax.lines]
    numbers = [int(text.get_text()) for text in ax.texts]
    bad = sum(n for mark, n in zip(marks, numbers, strict=True) if mark == "v")
    good = sum(n for mark, n in zip(marks, numbers, strict=True) if mark == "^")
    assert (bad, good) == ((study.claims["polarity"] < 0).sum(), (study.claims["polarity"] > 0).sum())
    own = study.claims[(study.claims["target"] == "networking") & (study.claims["holder"] == "author")]
    told = f"author about networking {(own['polarity'] < 0).sum()} for bad and {(own['polarity'] > 0).sum()} for good"
    assert told in describe_claims(study.claims, labels=labels)
    assert "None" in describe_claims(study.claims.iloc[:0], labels=labels)


def test_a_move_without_targets_is_drawn_and_told_too(study: Study, labels: dict[str, str]) -> None:
    unknown = {"target": "", "polarity": math.nan, "holder": "", "kind": "", "textblob": math.nan}
    lacks = {f"{side}_{name}": value for side in ("before", "after") for name, value in unknown.items()}
    shift = {**study.shifts.iloc[0].to_dict(), **lacks}
    assert "no target found" in words_in(plot_move(shift, labels=labels))
    assert "no attitude found" in describe_move(shift, labels=labels)


def test_plots_draw_into_the_axes_that_they_are_given(study: Study, labels: dict[str, str]) -> None:
    _, ax = plt.subplots()
    assert plot_voices(study.voices, study.mentions, labels=labels, ax=ax) is ax
    _, ax = plt.subplots()
    assert plot_polarity(study.sentences, ax=ax) is ax
    _, ax = plt.subplots()
    assert plot_move(study.shifts.iloc[0].to_dict(), labels=labels, ax=ax) is ax


def test_the_mark_changes_with_the_data_and_not_with_the_colour(study: Study) -> None:
    own = study.sentences[study.sentences["voice"] == "author"]
    ax = plot_polarity(own)
    mark = drawn_mark(ax.figure)
    assert drawn_mark(plot_polarity(own).figure) == mark
    ax.lines[0].set_color("black")
    assert drawn_mark(ax.figure) == mark
    assert drawn_mark(plot_polarity(own.assign(polarity=own["polarity"] + 0.01)).figure) != mark


def test_show_publishes_the_picture_with_its_words(
    study: Study, labels: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import IPython.display

    published: list[tuple[dict[str, object], dict[str, object]]] = []
    monkeypatch.setattr(IPython.display, "display", lambda data, raw, metadata: published.append((data, metadata)))
    ax = plot_voices(study.voices, study.mentions, labels=labels)
    assert show(ax, alt="A strip.") is None
    [(data, metadata)] = published
    assert data["image/png"][:4] == b"\x89PNG"
    assert data["text/plain"] == f"Figure: A strip. [data {drawn_mark(ax.figure)}]"
    assert metadata == {"image/png": {"alt": "A strip."}}


def test_the_arc_holds_every_claim_about_both_targets(study: Study, labels: dict[str, str]) -> None:
    shift, length = study.shifts.iloc[0].to_dict(), len(study.sources["document"].text)
    ax = plot_arc(study.cues, shift, length, labels=labels)
    own = study.claims[study.claims["target"].isin([shift["before_target"], shift["after_target"]])]
    drawn = sorted(
        (x, y) for line in ax.lines if line.get_marker() in {"o", "s"} for x, y in zip(*line.get_data(), strict=True)
    )
    assert drawn == sorted(zip(own["start"] / length, own["polarity"], strict=True))
    alt = describe_arc(study.cues, shift, length, labels=labels)
    assert f"{len(own)} claims" in alt
    assert "“sucks”" in alt


def test_every_variation_is_a_mark() -> None:
    table = pd.DataFrame(
        [("order", "a", True), ("order", "b", False), ("words", "c", True)], columns=["kind", "name", "holds"]
    )
    ax = plot_variations(table)
    assert sorted(line.get_marker() for line in ax.lines) == ["X", "o", "o"]
    assert "2 of 3" in ax.get_title(loc="left").replace("\n", " ")
    assert describe_variations(table) == (
        "The finding holds in 2 of 3 variations. order: 1 of 2 (not: b). words: 1 of 1."
    )


def test_shares_stand_beside_what_was_put_in() -> None:
    table = pd.DataFrame(
        [("a change", 40, 0.5, 0.4, 0.6, 0.55), ("none", 40, 0.0, 0.0, 0.1, 0.0)],
        columns=["what", "n", "share", "low", "high", "made"],
    )
    ax = plot_shares(table)
    found, made = ax.lines
    assert list(found.get_xdata()) == [0.5, 0.0]
    assert list(made.get_xdata()) == [0.55, 0.0]
    assert found.get_marker() != made.get_marker()
    assert describe_shares(table).endswith(
        "a change: found 50% (95 % interval 40% to 60%, n = 40), put in 55%; "
        "none: found 0% (95 % interval 0% to 10%, n = 40), put in 0%."
    )


def test_words_are_large_enough_on_a_phone() -> None:
    # A page of 390 pixels leaves a figure 358 of them; a CSS pixel is three quarters of a point.
    with style():
        smallest = min(
            plt.rcParams[name] if isinstance(plt.rcParams[name], float) else plt.rcParams["font.size"]
            for name in ("font.size", "axes.titlesize", "axes.labelsize", "xtick.labelsize", "ytick.labelsize")
        )
    for path in sorted((DATA.parent / "notebooks").glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", []):
                if "image/png" in output.get("data", {}):
                    header = base64.b64decode(output.data["image/png"])[:24]
                    inches = int.from_bytes(header[16:20], "big") / 200
                    assert smallest * 358 * 0.75 / (inches * 72) >= 9, (path.name, inches)


def test_no_colour_stands_alone() -> None:
    assert len(set(MARKERS.values())) == len(MARKERS)
    assert MARKERS.keys() == COLOURS.keys()


def test_figures_draw_an_empty_study() -> None:
    bare = read(None, Source.from_text("It rains."))
    assert dataclasses.is_dataclass(bare)
    assert isinstance(bare.mentions, pd.DataFrame)
    assert len(plot_voices(bare.voices, bare.mentions, labels={}).patches) == 1
