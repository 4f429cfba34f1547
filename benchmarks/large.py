"""Reads texts of a size that tests have no time for, each in a process of its own: how long, and how much memory.

`.venv/bin/python benchmarks/large.py [CASE ...]`: `5mb` (varied sentences in paragraphs), `line` (a line of a million
characters), `word` (a word of a million characters), `paragraphs` (ten thousand), `50mb` (refused), `html` (700 kB of
tags). The aim for `5mb` is less than 1.5 GB.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESPONSE = "I thought the author hated gardens. Then I realised that she only dislikes the committee.\n"


def text(case: str) -> str:
    """What a case reads; the sentences are those of tests/varied.txt, in a seeded order."""
    lines = [line for line in (ROOT / "tests" / "varied.txt").read_text(encoding="utf-8").splitlines() if line.strip()]
    draw = random.Random(1)

    def sentences(characters: int) -> list[str]:
        chosen: list[str] = []
        while characters > 0:
            chosen.append(draw.choice(lines))
            characters -= len(chosen[-1]) + 1
        return chosen

    match case:
        case "5mb":
            whole = sentences(5_000_000)
            return "\n\n".join(" ".join(whole[start : start + 6]) for start in range(0, len(whole), 6))
        case "line":
            return " ".join(sentences(1_000_000))
        case "word":
            return "soup" * 250_000
        case "paragraphs":
            return "\n\n".join(draw.choice(lines) for _ in range(10_000))
        case "50mb":
            return "Soup is good. " * 3_600_000
        case "html":
            return "<html><body>" + "".join(f"<p><b>{line}</b> &amp; <i>so on</i>.</p>" for line in sentences(300_000))
        case _:
            raise SystemExit(__doc__)


def main() -> None:
    """Read each case with `--out`, and print its exit code, seconds and megabytes."""
    for case in sys.argv[1:] or ("line", "word", "paragraphs", "50mb", "html", "5mb"):
        with tempfile.TemporaryDirectory() as folder:
            essay, response = (
                Path(folder, "essay.html" if case == "html" else "essay.txt"),
                Path(folder, "response.txt"),
            )
            essay.write_text(text(case), encoding="utf-8")
            response.write_text(RESPONSE, encoding="utf-8")
            began = time.perf_counter()
            command: list[str | Path] = [
                sys.executable,
                __file__,
                "--child",
                essay,
                response,
                "--quiet",
                "--out",
                Path(folder, "result"),
            ]
            done = subprocess.run(command, check=False, capture_output=True, text=True)
            seconds = time.perf_counter() - began
        said = done.stderr.strip().splitlines()
        sys.stdout.write(f"{case:10}  exit {done.returncode}  {seconds:6.1f} s  {said[-1] if said else ''}\n")
        sys.stdout.flush()


def child() -> None:
    """Run the command, and say last what it took at its peak."""
    from analysis.cli import main as command

    sys.argv = ["analysis", "read", *sys.argv[2:]]
    try:
        command()
    finally:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        sys.stderr.write(f"{peak:.0f} MB at most\n")


if __name__ == "__main__":
    child() if sys.argv[1:2] == ["--child"] else main()
