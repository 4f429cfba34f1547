"""The command line over `study.py`."""

from __future__ import annotations

import functools
import io
import json
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from analysis.cleaning import LARGEST, Source
from analysis.errors import InputError, OutputError, fault, noted
from analysis.parsing import ModelError

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,  # a traceback is shown plain, or not at all
    help="Who thinks what about whom in an essay and a response to it, and what made the reader change their mind.",
)

Debug = Annotated[bool, typer.Option("--debug", help="If this program fails, show where in it.")]


def _faults_in_a_line(command: Callable[..., None]) -> Callable[..., None]:
    """A command that says in one line that it failed by a fault of this program, in which text, and what to do."""

    @functools.wraps(command)
    def careful(**options: Any) -> None:
        try:
            command(**options)
        except (InputError, OutputError, ModelError, BrokenPipeError, typer.Exit):
            raise
        except MemoryError:
            typer.echo("analysis: this computer has not enough memory free for it.", err=True)
            raise typer.Exit(1) from None
        except OSError as error:  # such as a full disk behind the standard output
            typer.echo(f"analysis: {error}", err=True)
            raise typer.Exit(1) from None
        except Exception as error:
            if options["debug"]:
                typer.echo(traceback.format_exc(), err=True, nl=False)
            typer.echo(f"analysis: {_report(error, options)}", err=True)
            raise typer.Exit(1) from None

    return careful


def _report(error: Exception, options: dict[str, Any]) -> str:
    """What to tell the user of a fault."""
    given = {name: options[name] for name in ("essay", "response") if options.get(name)}
    name = {"document": "essay"}.get(noted(error), noted(error))
    # What goes wrong between the two, as when their targets are compared, is in neither of them.
    texts = [given[name]] if name in given else list(given.values())
    where = " and ".join("standard input" if text == "-" else text for text in texts)
    evidence = [*(["the text"] if where else []), "what is shown above" if options["debug"] else "what --debug shows"]
    return f"{where}{': ' if where else ''}{fault(error)}, with {' and '.join(evidence)}."


_EXAMPLES = "[bold]Examples[/bold]\n\n" + "\n\n".join(
    [
        "analysis read essay.txt response.txt  [dim]two files[/dim]",
        "analysis read blog-post.md  [dim]one file in which both are mixed[/dim]",
        "analysis read essay.html response.txt --out result  [dim]a report, tables and figures[/dim]",
        "analysis read essay.txt - --json < response.txt  [dim]for programs[/dim]",
        "analysis read essay.txt response.txt --targets targets.csv  [dim]looking for what you name[/dim]",
    ]
)


@app.command(epilog=_EXAMPLES)
@_faults_in_a_line
def read(
    essay: Annotated[
        str,
        typer.Argument(
            help="The essay (.txt, .md, .html; - for standard input); alone, a text that mixes essay and response.",
            show_default=False,
        ),
    ],
    response: Annotated[str | None, typer.Argument(help="What a reader wrote about it.", show_default=False)] = None,
    targets: Annotated[
        Path | None,
        typer.Option(
            metavar="CSV",
            help="What to look for: target,label,heads,restrictors,note. Without it, targets are discovered.",
        ),
    ] = None,
    voices: Annotated[
        Path | None,
        typer.Option(
            metavar="CSV",
            help="Whose words a passage is, where the layout is wrong: start,end,voice (source,... for two files).",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write report.html, the tables as CSV, and the figures into this folder."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the finding as JSON.")] = False,
    spreadsheet: Annotated[
        bool,
        typer.Option("--spreadsheet", help="With --out, also write tables that are safe to open in a spreadsheet."),
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print nothing but errors, and what --json asks for.")
    ] = False,
    debug: Debug = False,
) -> None:
    """Say what the reader believed before and after, whether the essay bears it out, and who says what about whom."""
    if spreadsheet and out is None:
        raise InputError("--spreadsheet goes with --out: say where to write with --out DIR.")
    if [essay, response] == ["-", "-"]:
        raise InputError("-: standard input can be the essay or the response, not both.")
    from analysis.study import read as read_texts

    given = [_given(text) for text in (essay, response) if text is not None]
    study = read_texts(*given, targets=targets, voices=voices, progress=sys.stderr.isatty() and not quiet)
    if not quiet:
        for doubt in study.doubts.to_dict("records"):
            typer.echo(f"warning: {doubt['source']}: {doubt['message']}", err=True)
    if out is not None:
        study.save(out, spreadsheet=spreadsheet)
    from analysis.finding import finding

    if as_json:
        typer.echo(json.dumps(finding(study, words=True), ensure_ascii=False, allow_nan=False, indent=2))
    elif not quiet:
        from rich.console import Console

        from analysis.terminal import print_finding

        print_finding(finding(study), Console(highlight=False, soft_wrap=False))
    if out is not None and not quiet:
        typer.echo(f"\nWritten to {out}: open {out / 'report.html'} in a browser.", err=True)


_CORPUS_EXAMPLES = "[bold]Examples[/bold]\n\n" + "\n\n".join(
    [
        "analysis corpus articles.csv responses.csv --out result  [dim]two tables[/dim]",
        "analysis corpus gnm_articles.csv gnm_comments.csv --layout socc --out result  [dim]its columns[/dim]",
        "analysis corpus a.parquet r.jsonl --response-text body --out result  [dim]a column of another name[/dim]",
        "analysis corpus a.csv r.csv --out result --scheduler tcp://host:8786  [dim]on many machines, by Dask[/dim]",
    ]
)


@app.command(epilog=_CORPUS_EXAMPLES)
@_faults_in_a_line
def corpus(
    articles: Annotated[
        Path, typer.Argument(help="A table of articles: .csv, .jsonl or .parquet.", show_default=False)
    ],
    responses: Annotated[Path, typer.Argument(help="A table of responses to them.", show_default=False)],
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="The folder for the result; the same command goes on if it was stopped.")
    ],
    layout: Annotated[
        str, typer.Option(help="The columns' names: plain, or socc (SFU Opinion and Comments).")
    ] = "plain",
    article_id: Annotated[str, typer.Option(metavar="COLUMN", help="Instead of the layout's.")] = "",
    article_text: Annotated[str, typer.Option(metavar="COLUMN", help="Likewise.")] = "",
    title: Annotated[str, typer.Option(metavar="COLUMN", help="Likewise.")] = "",
    author: Annotated[str, typer.Option(metavar="COLUMN", help="Likewise.")] = "",
    response_id: Annotated[str, typer.Option(metavar="COLUMN", help="Likewise.")] = "",
    response_article: Annotated[str, typer.Option(metavar="COLUMN", help="Likewise.")] = "",
    response_text: Annotated[str, typer.Option(metavar="COLUMN", help="Likewise.")] = "",
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes; without it, one a core.", show_default=False)
    ] = None,
    part_size: Annotated[
        int, typer.Option(min=1, help="Responses a part: what is done again at most if killed.")
    ] = 1000,
    scheduler: Annotated[
        str, typer.Option(metavar="ADDRESS", help="A Dask scheduler instead, or 'local' for one on this computer.")
    ] = "",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
    debug: Debug = False,
) -> None:
    """Read a corpus of articles and responses: claims, changes of belief and verdicts, as Parquet."""
    try:
        from analysis.corpus import LAYOUTS, run_corpus
        from analysis.corpus.running import StoppedError
    except ModuleNotFoundError as missing:
        if missing.name != "pyarrow":
            raise
        raise InputError("analysis corpus needs pyarrow: python -m pip install 'readers-turn[corpus]'") from None
    if layout not in LAYOUTS:
        raise InputError(f"--layout {layout}: unknown. Use one of {', '.join(LAYOUTS)}.")
    named = {
        "article_id": article_id,
        "article_text": article_text,
        "title": title,
        "author": author,
        "response_id": response_id,
        "response_article": response_article,
        "response_text": response_text,
    }
    columns = replace(LAYOUTS[layout], **{name: column for name, column in named.items() if column})
    try:
        run = run_corpus(
            articles,
            responses,
            out,
            layout=columns,
            workers=workers,
            part_size=part_size,
            scheduler=scheduler,
            progress=sys.stderr.isatty() and not quiet,
        )
    except StoppedError as error:
        typer.echo(f"analysis: {error}", err=True)
        raise typer.Exit(1) from None
    if not quiet:
        faults = f", {run.faults} of them by a fault of this program (please report it)" if run.faults else ""
        typer.echo(f"{run.articles} articles and {run.responses} responses read, {run.rejected} rows rejected{faults}.")
        typer.echo(f"A row a response: {run.summary}; why rows were rejected: {out / 'rejects'}")


@app.command()
@_faults_in_a_line
def doctor(debug: Debug = False) -> None:
    """Say what is installed, whether the language model is the tested one, and whether a known text reads right."""
    from analysis.doctor import examine

    findings = examine()
    for finding in findings:
        typer.echo(f"{'ok     ' if finding.right else 'WRONG  '} {finding.what}: {finding.found}")
        if not finding.right:
            typer.echo(f"        {finding.mend}")
        if finding.error is not None and debug:
            typer.echo("".join(traceback.format_exception(finding.error)), err=True, nl=False)
    if not all(finding.right for finding in findings):
        raise typer.Exit(1)


def _given(text: str) -> Path | Source:
    """What an argument names: a file, or standard input."""
    if text != "-":
        return Path(text)
    return Source.from_bytes(sys.stdin.buffer.read(LARGEST + 1), label="standard input")


def main() -> None:
    """Run the command line."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # curly quotes, also where the terminal's encoding cannot hold them
    try:
        app()
    except (InputError, OutputError, ModelError) as error:
        typer.echo(f"analysis: {error}", err=True)
        sys.exit(2)
