"""The command line over `study.py`."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Annotated

import typer

from analysis.errors import InputError
from analysis.parsing import ModelError

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Who thinks what about whom in an essay and a response to it, and what made the reader change their mind.",
)


@app.callback()
def _commands() -> None:
    """Let `read` be a command of its own, beside those to come."""


@app.command(
    epilog="Examples:  analysis read essay.txt response.txt   |   analysis read blog-post.txt --targets targets.csv"
)
def read(
    essay: Annotated[Path, typer.Argument(help="The essay; alone, a document in which essay and response are mixed.")],
    response: Annotated[Path | None, typer.Argument(help="What a reader wrote about it.")] = None,
    targets: Annotated[
        Path | None,
        typer.Option(
            help="CSV of what to look for: target,label,heads,restrictors,note. Without it, targets are discovered."
        ),
    ] = None,
    voices: Annotated[
        Path | None,
        typer.Option(help="CSV that overrules whose words a passage is: start,end,voice (source,... for two files)."),
    ] = None,
) -> None:
    """Print what the reader believed before and after, with the words that say so."""
    from analysis.finding import finding
    from analysis.study import read as read_texts

    try:
        study = read_texts(essay, response, targets=targets, voices=voices)
    except (InputError, ModelError) as error:
        typer.echo(f"analysis: {error}", err=True)
        raise typer.Exit(2) from None
    typer.echo("\n".join(finding(study)))


def main() -> None:
    """Run the command line."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # curly quotes, also where the terminal's encoding cannot hold them
    app()
