"""Reads a corpus: many articles, each with any number of responses, as `analysis.read` reads one pair.

`rows.py` takes articles and responses from files, row by row; `reading.py` reads a batch of them; `parts.py` writes
what was found, a part at a time; `running.py` shares the work out and goes on where an earlier run was stopped;
`example.py` makes a corpus from templates, whose truth is known.
"""

from analysis.corpus.rows import LAYOUTS, Layout
from analysis.corpus.running import run_corpus

__all__ = ["LAYOUTS", "Layout", "run_corpus"]
