"""Looks at a document that mixes both voices: its blocks, what its marks tell, and what has to be decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from analysis.apparatus import bylined, find_apparatus, is_remark, responds, tells_of_life
from analysis.cleaning import Source
from analysis.layout import Block, find_blocks, labelled, quotations
from analysis.letters import Found
from analysis.voice_cues import cited_authors
from analysis.voice_turns import Mark, own_names, voices_of_depths, voices_of_labels

# What it costs to change the voice, in log odds: less where the page shows an edge.
STEP, STEP_AT_QUOTE, STEP_AT_LIST, STEP_AT_EDGE = 3.5, 3.0, 1.5, 0.5
STEP_AT_LEAD_IN = 1.0  # a reader may well break in to say what comes next
STEP_IN_TALK = 6.0  # within what one says: between "my rules:" and the rules
EDGES = frozenset({"ruler", "title", "byline", "header", "salutation", "signature", "reference", "label"})


@dataclass
class Group:
    """Blocks that are decided at once, with what has been weighed of them so far."""

    numbers: list[int]
    odds: float = 0.0
    step: float = STEP
    rule: str = ""
    mark: Mark | None = None
    edges: list[int] = field(default_factory=list)  # the apparatus right before it
    cued: bool = False

    def push(self, odds: float, rule: str) -> None:
        """Add log odds; the heaviest gives the rule."""
        if odds and (not self.rule or abs(odds) >= 2):
            self.rule = rule
        self.odds += odds


@dataclass(frozen=True)
class Page:
    """A document with all that its page shows."""

    blocks: list[Block]
    quotes: dict[int, str]
    apparatus: dict[int, Found]
    authors: set[str]
    own: set[str]
    marks: dict[int, Mark]


def look_at(source: Source) -> Page:
    """Read a page: its blocks, what is marked on it, and the names of those who write."""
    blocks = labelled(find_blocks(source.text))
    quotes = quotations(blocks, source)
    apparatus = find_apparatus(blocks, quotes)
    own = own_names(blocks, apparatus)
    bylines = [number for number, (role, _) in apparatus.items() if role == "byline"]
    authors = set().union(
        *(bylined(blocks[n].text) for n in bylines if not is_readers_title(blocks, apparatus, n)), set()
    )
    prose = [block.text for number, block in enumerate(blocks) if number not in quotes]
    authors |= {name for name in cited_authors(prose) if name.lower() not in own}
    first = min(bylines, default=len(blocks))
    apparatus |= {
        number: ("note", "says who the author is")
        for number, block in enumerate(blocks)
        if number > first and number not in apparatus and tells_of_life(block, authors)
    }
    marks: dict[int, Mark] = {
        number: ("author", f"a quotation by its {how}" if how != "block quote" else "marked as a quotation", False)
        for number, how in quotes.items()
        if number not in apparatus
    }
    marks |= voices_of_depths(blocks, apparatus, authors, own)
    marks |= {
        number: ("reader", "a remark in brackets", False)
        for number, block in enumerate(blocks)
        if number not in apparatus and is_remark(block.text)
    }
    marks |= voices_of_labels(blocks, authors, own, marks.keys())
    return Page(blocks, quotes, apparatus, authors, own, marks)


def is_readers_title(blocks: Sequence[Block], apparatus: Mapping[int, Found], number: int) -> bool:
    """Whether a byline stands under the title of a reader's own text."""
    above = number - 1
    return above >= 0 and apparatus.get(above, ("",))[0] in {"title", "header"} and responds(blocks[above].text)


def group_up(page: Page) -> list[Group]:
    """The prose in groups: each paragraph by itself, each list as a whole."""
    groups: list[Group] = []
    edges: list[int] = []
    for number, block in enumerate(page.blocks):
        if number in page.apparatus:
            edges.append(number)
            continue
        mark = page.marks.get(number)
        last = groups[-1] if groups else None
        before = page.blocks[last.numbers[-1]] if last else None
        if last and before and not edges and not mark and not last.mark and block.role == before.role == "list item":
            last.numbers.append(number)
            continue
        step = STEP
        if last and last.mark:
            step = STEP_AT_QUOTE
        if before and (block.role == "list item") != (before.role == "list item"):
            step = STEP_AT_LIST
        if any(page.apparatus[edge][0] in EDGES for edge in edges):
            step = STEP_AT_EDGE
        groups.append(Group([number], step=step, mark=mark, edges=edges))
        edges = []
    return groups
