"""Prints a finding for people, with rich: what the reader believed, what the essay has on it, who says what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from analysis.finding import sentence

_MOST_ROWS = 12
_VERDICTS = {"borne out": "green", "not borne out": "red", "not enough evidence": "yellow"}


def print_finding(found: Mapping[str, Any], console: Console) -> None:
    """Print what `analysis.finding.finding` gives.

    Examples:
        >>> from analysis import read
        >>> from analysis.finding import finding
        >>> print_finding(finding(read("Soup is awful.", "It rains.")), Console(width=60, color_system=None))
        ... # doctest: +ELLIPSIS
        The reader states no change of belief.
        ...
    """
    console.print(Group(*_parts(found)))


def _parts(found: Mapping[str, Any]) -> Iterator[RenderableType]:
    if not found["shifts"]:
        yield from _answer(found["answer"])
    for number, shift in enumerate(found["shifts"], start=1):
        if number > 1:
            yield Text()
        if len(found["shifts"]) > 1:
            yield Text(f"Change of belief {number} of {len(found['shifts'])}", style="bold")
        yield _move(shift, found["looked_in"])
        if found["looked_in"]:
            for side in ("before", "after"):
                yield from _strongest(_title(shift[side], side), shift[side]["strongest"])
    if not found["shifts"] and found["looked_in"]:
        for light in ("against", "for"):
            rows = found["strongest"][light]
            if rows:
                yield from _strongest(f"What the author has {light} anything, the strongest first:", rows, named=True)
    yield from _who(found)


def _answer(told: Mapping[str, Any]) -> Iterator[RenderableType]:
    """What is said where no change is stated."""
    yield Text(told["in_words"], style="bold")
    if told["possible"]:
        grid = Table.grid(padding=(0, 2))
        grid.add_column(style="bold")
        grid.add_column()
        for side in ("before", "after"):
            row = told["possible"][side]
            words = f"“{row['text']}” ({row['source']} {row['start']}–{row['end']})"
            grid.add_row(f"{side.capitalize()}?", Text(words, style="italic"))
        yield grid
    if told["told_before"]:
        yield Text(f"They tell a belief of before, and none that took its place: “{told['told_before']['text']}”.")
    if told["says"]:
        yield from _strongest("What the reader says for themself, the strongest first:", told["says"], named=True)


def _move(shift: Mapping[str, Any], looked_in: str) -> Table:
    """The two beliefs with their words and verdicts, the type, and the turn."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold")
    grid.add_column()
    for side in ("before", "after"):
        told = shift[side]
        grid.add_row(side.capitalize(), Text(sentence(told["belief"])))
        grid.add_row("", Text(f"“{told['text']}” ({told['source']} {told['start']}–{told['end']})", style="italic"))
        if looked_in:
            verdict = Text.assemble((told["verdict"], f"bold {_VERDICTS[told['verdict']]}"), f": {told['rule']}")
            grid.add_row("", verdict)
    grid.add_row("Type", Text(shift["change"]))
    if looked_in:
        grid.add_row("Turn", Text(shift["turn"]["in_words"]))
        grid.add_row("Essay", Text(f"Evidence was looked for in {looked_in}."))
    return grid


def _title(told: Mapping[str, Any], side: str) -> str:
    if not told["strongest"]:
        return f"No sentence of the author's says what the reader believed {side}."
    if not told["strongest"][0]["counted"]:
        return f"Nearest to the belief {side}, but no evidence:"
    n = told["n_for"]
    return f"For the belief {side}, " + (
        f"the strongest of {n} sentences:" if n > len(told["strongest"]) else f"{n} sentence{'s' if n > 1 else ''}:"
    )


def _strongest(title: str, rows: list[Mapping[str, Any]], *, named: bool = False) -> Iterator[RenderableType]:
    yield Text()
    yield Text(title, style="bold")
    grid = Table.grid(padding=(0, 2))
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column()
    for row in rows:
        score = f"{row['polarity']:+.2f}" if row["polarity"] is not None else ""
        about = ": ".join(part for part in (row["target"] if named else "", row["cue"]) if part)
        grid.add_row(score, Text.assemble(f"“{row['text']}” ", (f"({about})", "dim")))
    if rows:
        yield Padding(grid, (0, 0, 0, 2))


def _who(found: Mapping[str, Any]) -> Iterator[RenderableType]:
    sentences = sum(source["sentences"] for source in found["sources"].values())
    yield Text()
    if not found["who"]:
        yield Text(
            f"Nobody says anything for or against anybody in {sentences} sentences, as far as the program hears."
        )
        return
    yield Text(f"Who says what about whom: {len(found['claims'])} claims in {sentences} sentences", style="bold")
    table = Table(box=None, padding=(0, 1), header_style="bold")
    for name in ("Holder", "Target"):
        table.add_column(name)
    for name in ("For", "Against", "Mean"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in found["who"][:_MOST_ROWS]:
        numbers = (str(row["n_for"]), str(row["n_against"]), f"{row['polarity']:+.2f}")
        table.add_row(row["holder"], Text(row["label"]), *numbers)
    yield table
    if (more := len(found["who"]) - _MOST_ROWS) > 0:
        yield Text(f"and {more} more; --out or --json has them all", style="dim")
