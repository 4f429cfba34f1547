"""A corpus is read as its pairs are; a run that is killed comes to the same as one that is not."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from analysis import InputError, Source, read
from analysis.cli import app
from analysis.corpus import LAYOUTS, Layout, run_corpus
from analysis.corpus.example import example_corpus
from analysis.corpus.rows import responses as response_rows
from analysis.study import Reader

PAIRS = Path(__file__).parent / "pairs"
LAYOUT = Layout(title="title", author="author")
TABLES = ("claims", "shifts", "verdicts", "responses", "rejects", "articles")


def result(folder: Path) -> dict[str, pd.DataFrame]:
    return {table: pd.read_parquet(folder / table) for table in TABLES} | {
        "summary": pd.read_parquet(folder / "summary.parquet")
    }


def same(one: Path, other: Path) -> None:
    told = result(other)
    for table, rows in result(one).items():
        pd.testing.assert_frame_equal(rows, told[table])


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("corpus")
    articles, answers = example_corpus(120)
    articles.to_csv(folder / "articles.csv", index=False)
    answers.to_csv(folder / "responses.csv", index=False)
    return folder / "articles.csv", folder / "responses.csv"


@pytest.fixture(scope="module")
def whole(corpus: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one unbroken run in one process comes to."""
    folder = tmp_path_factory.mktemp("whole")
    run = run_corpus(*corpus, folder, layout=LAYOUT, workers=1, part_size=20)
    assert (run.articles, run.responses, run.rejected) == (5, 120, 0)
    return folder


def test_what_is_sent_again_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    again = "At first I thought the soup was awful. Now I love the soup."
    texts = [again if number % 3 == 0 else f"I waited {number} days, and the soup was good." for number in range(200)]
    pd.DataFrame([("a", "The soup is good. The soup is lovely."), ("b", "Soup is awful.")]).to_csv(
        tmp_path / "a.csv", header=["article_id", "text"], index=False
    )
    pd.DataFrame([(number, "ab"[number % 2], text) for number, text in enumerate(texts)]).to_csv(
        tmp_path / "r.csv", header=["response_id", "article_id", "text"], index=False
    )
    asked: list[str] = []
    whole = Reader.find_all

    def counting(self: Reader, texts: Any, **options: Any) -> Any:
        asked.extend(text[0].text for text in texts)
        return whole(self, texts, **options)

    monkeypatch.setattr(Reader, "find_all", counting)
    run_corpus(tmp_path / "a.csv", tmp_path / "r.csv", tmp_path / "out", workers=1)
    assert asked.count(again) == 2  # once for each article
    told = result(tmp_path / "out")
    assert told["responses"]["row"].tolist() == list(range(200))
    assert told["shifts"]["row"].tolist() == [number for number in range(200) if number % 3 == 0]
    after = told["verdicts"][told["verdicts"]["side"] == "after"]
    assert after.groupby("article_id")["verdict"].unique().map(list).to_dict() == {
        "a": ["borne out"],
        "b": ["not enough evidence"],
    }


def test_a_corpus_is_read_as_its_pairs_are(tmp_path: Path) -> None:
    pairs = sorted({path.name.split("-")[0] for path in PAIRS.glob("*.txt")})
    texts = {
        name: [(PAIRS / f"{name}-{part}.txt").read_text(encoding="utf-8") for part in ("essay", "response")]
        for name in pairs
    }
    pd.DataFrame([(name, texts[name][0]) for name in pairs], columns=["article_id", "text"]).to_csv(tmp_path / "a.csv")
    pd.DataFrame(
        [(f"r{name}", name, texts[name][1]) for name in pairs], columns=["response_id", "article_id", "text"]
    ).to_csv(tmp_path / "r.csv")
    run_corpus(tmp_path / "a.csv", tmp_path / "r.csv", tmp_path / "out", workers=1, part_size=5)
    told = result(tmp_path / "out")
    for name in pairs:
        study = read(*map(Source.from_text, texts[name]))
        claims = told["claims"]
        for table, own, expected in (
            ("claims", claims[claims["response_id"] == f"r{name}"], study.claims[study.claims["source"] == "response"]),
            ("shifts", told["shifts"][told["shifts"]["article_id"] == name], study.shifts),
            ("verdicts", told["verdicts"][told["verdicts"]["article_id"] == name], study.verdicts),
        ):
            columns = list(expected.columns)
            one, other = (rows[columns].reset_index(drop=True) for rows in (own, expected))
            pd.testing.assert_frame_equal(one, other, check_dtype=False, obj=f"{name}, {table}")
        essay = claims[(claims["article_id"] == name) & claims["response_id"].isna()]
        assert len(essay) == (study.claims["source"] == "essay").sum()


def test_the_truth_of_the_templates_is_found(corpus: tuple[Path, Path], whole: Path) -> None:
    truth = pd.read_csv(corpus[1], keep_default_na=False)
    told = pd.read_parquet(whole / "summary.parquet").merge(truth, on="response_id", suffixes=("", "_made"))
    assert len(told) == 120
    assert ((told["shifts"] > 0) == (told["type_made"] != "")).mean() > 0.95
    assert (told["type"].fillna("") == told["type_made"]).mean() > 0.9


def test_workers_come_to_the_same_as_one_process(corpus: tuple[Path, Path], whole: Path, tmp_path: Path) -> None:
    run_corpus(*corpus, tmp_path, layout=LAYOUT, workers=2, part_size=20)
    same(tmp_path, whole)


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
def test_other_formats_come_to_the_same(corpus: tuple[Path, Path], whole: Path, tmp_path: Path, suffix: str) -> None:
    paths = []
    for path in corpus:
        table = pd.read_csv(path, keep_default_na=False)
        paths.append(tmp_path / f"{path.stem}{suffix}")
        if suffix == ".jsonl":
            table.to_json(paths[-1], orient="records", lines=True, force_ascii=False)
        else:
            table.to_parquet(paths[-1])
    run_corpus(*paths, tmp_path / "out", layout=LAYOUT, workers=1, part_size=20)
    same(tmp_path / "out", whole)


def command(corpus: tuple[Path, Path], out: Path, *more: str) -> list[str]:
    named = ["--title", "title", "--author", "author", "--part-size", "20"]
    return [sys.executable, "-m", "analysis", "corpus", *map(str, corpus), "--out", str(out), *named, *more]


def wait_for(ready: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while not ready():
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_run_that_is_killed_is_finished_by_the_next(corpus: tuple[Path, Path], whole: Path, tmp_path: Path) -> None:
    process = subprocess.Popen(command(corpus, tmp_path, "--workers", "1"), stderr=subprocess.DEVNULL)
    wait_for(lambda: len(list((tmp_path / "responses").glob("*.parquet"))) >= 2, process)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = {path: path.stat().st_mtime_ns for path in (tmp_path / "responses").glob("*.parquet")}
    assert 2 <= len(done) < 6, "nothing was left to do"
    assert not (tmp_path / "summary.parquet").exists()
    subprocess.run(command(corpus, tmp_path, "--workers", "2", "--quiet"), check=True)
    same(tmp_path, whole)
    assert all(path.stat().st_mtime_ns == at for path, at in done.items()), "what was done was done again"


def children(pid: int) -> list[int]:
    told = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in told.read_text().split()] if told.exists() else []


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="who is whose child is read from /proc")
def test_a_worker_that_is_killed_stops_the_run_and_the_next_finishes_it(
    corpus: tuple[Path, Path], whole: Path, tmp_path: Path
) -> None:
    process = subprocess.Popen(command(corpus, tmp_path, "--workers", "2"), stderr=subprocess.PIPE)

    def working() -> list[int]:
        said = {child: Path(f"/proc/{child}/cmdline").read_bytes() for child in children(process.pid)}
        return [child for child, line in said.items() if b"spawn_main" in line]

    wait_for(lambda: len(working()) == 2 and any((tmp_path / "responses").glob("*.parquet")), process)
    os.kill(working()[0], signal.SIGKILL)
    _, said = process.communicate()
    assert process.returncode == 1
    assert b"Run the same command again" in said
    assert b"Traceback" not in said
    subprocess.run(command(corpus, tmp_path, "--workers", "2", "--quiet"), check=True)
    same(tmp_path, whole)


def test_bad_rows_are_rejected_with_a_reason_and_stop_nothing(tmp_path: Path) -> None:
    articles = 'article_id,text\n1,Soup is awful. I hate it.\n2,\n1,Another.\n,Nameless.\n3,"Bread is good."\n4,a,b\n'
    (tmp_path / "a.csv").write_text(articles)
    rows = [
        b"response_id,article_id,text",
        b"a,1,I like soup.",
        b"b,1,",
        b"c,9,Who knows.",
        b"d,1,caf\xe9 \xff is bad",
        b"e,3",
        b"f,3,Bread is bad.",
    ]
    (tmp_path / "r.csv").write_bytes(b"\n".join(rows) + b"\n")
    run = run_corpus(tmp_path / "a.csv", tmp_path / "r.csv", tmp_path / "out", workers=1)
    assert (run.articles, run.responses, run.rejected) == (2, 2, 8)
    rejects = pd.read_parquet(tmp_path / "out" / "rejects").sort_values(["file", "row"])
    assert rejects[["file", "row", "reason"]].to_numpy().tolist() == [
        ["articles", 1, "no text"],
        ["articles", 2, "its id stands in row 0 already"],
        ["articles", 3, "no id"],
        ["articles", 5, "3 cells where the first row has 2"],
        ["responses", 1, "no text"],
        ["responses", 2, "no such article: 9"],
        ["responses", 3, "broken encoding"],
        ["responses", 4, "2 cells where the first row has 3"],
    ]
    assert pd.read_parquet(tmp_path / "out" / "summary.parquet")["response_id"].tolist() == ["a", "f"]


ARTICLES = "article_id,text\n1,Soup is awful. I hate it.\n2,The oven is broken.\n3,Bread is good. I love it.\n"
RESPONSES = (
    "response_id,article_id,text\n"
    "a,1,I like soup.\n"
    "b,1,The oven is bad.\n"
    "c,2,I like my stove.\n"
    "d,3,I thought she hated bread. Now I see that she loves bread.\n"
    "e,3,The oven is bad.\n"
    "f,3,The oven is bad.\n"
    "g,9,Who knows.\n"
)
FAULT = "a fault of this program (IndexError); please report it"


def failing(error: BaseException, works: Callable[..., Any]) -> Callable[..., Any]:
    """What works but for texts with an oven in them, on which it raises an error."""

    def fail(*arguments: Any, **options: Any) -> Any:
        if "oven" in repr(arguments):
            raise error
        return works(*arguments, **options)

    return fail


# Where a text may turn out not to be readable: in laying it out, in parsing, and in telling what was found.
STEPS = ["analysis.corpus.reading.find_voices", "analysis.study.parse_all", "analysis.corpus.reading.claim_rows"]


@pytest.mark.parametrize("step", STEPS)
def test_a_text_on_which_the_program_fails_is_rejected_and_takes_no_other_with_it(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.csv").write_text(ARTICLES)
    (tmp_path / "r.csv").write_text(RESPONSES)
    module, name = step.rsplit(".", 1)
    works = getattr(sys.modules[module], name)
    monkeypatch.setattr(step, failing(IndexError("list index out of range"), works))
    done = CliRunner().invoke(
        app,
        [
            "corpus",
            *(str(tmp_path / name) for name in ("a.csv", "r.csv")),
            "--out",
            str(tmp_path / "out"),
            "--workers",
            "1",
        ],
    )
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith(
        "2 articles and 2 responses read, 6 rows rejected, 4 of them by a fault of this program (please report it).\n"
    )
    told = result(tmp_path / "out")
    assert told["rejects"].sort_values(["file", "row"])[["file", "row", "reason"]].to_numpy().tolist() == [
        ["articles", 1, FAULT],
        ["responses", 1, FAULT],
        ["responses", 2, "its article could not be read: 2"],
        ["responses", 4, FAULT],
        ["responses", 5, FAULT],
        ["responses", 6, "no such article: 9"],
    ]
    # The others are what they are in a corpus without it.
    monkeypatch.undo()
    for path in ("a.csv", "r.csv"):
        lines = (tmp_path / path).read_text().splitlines(keepends=True)
        (tmp_path / path).write_text("".join(line for line in lines if "oven" not in line and ",9," not in line))
    run_corpus(tmp_path / "a.csv", tmp_path / "r.csv", tmp_path / "without", workers=1)
    alone = result(tmp_path / "without")
    for table in ("claims", "shifts", "verdicts", "responses", "articles", "summary"):
        one, other = (rows[table].drop(columns="row") for rows in (told, alone))
        pd.testing.assert_frame_equal(one, other, obj=table)


@pytest.mark.parametrize("error", [MemoryError(), KeyboardInterrupt()])
@pytest.mark.parametrize("step", STEPS)
def test_what_is_no_fault_of_a_text_ends_the_run(
    step: str, error: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.csv").write_text(ARTICLES)
    (tmp_path / "r.csv").write_text(RESPONSES)
    module, name = step.rsplit(".", 1)
    monkeypatch.setattr(step, failing(error, getattr(sys.modules[module], name)))
    with pytest.raises(type(error)):
        run_corpus(tmp_path / "a.csv", tmp_path / "r.csv", tmp_path / "out", workers=1)


def test_half_an_emoji_and_endless_brackets_stop_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("article_id,text\n1,Soup is awful.\n")
    cut = '{"response_id": "a\\ud83d", "article_id": 1, "text": "Soup is good \\ud83d"}\n'
    (tmp_path / "r.jsonl").write_text(
        cut + "[" * 100_000 + "\n" + cut.replace('"article_id": 1', '"article_id": "\\ud83d"')
    )
    run = run_corpus(tmp_path / "a.csv", tmp_path / "r.jsonl", tmp_path / "out", workers=1)
    assert (run.responses, run.rejected, run.faults) == (1, 2, 0)
    assert pd.read_parquet(tmp_path / "out" / "rejects")["reason"].tolist() == ["no JSON", "no such article: ?"]
    assert pd.read_parquet(tmp_path / "out" / "summary.parquet")["response_id"].tolist() == ["a?"]


def test_rows_of_json_that_are_none_are_rejected(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text('{"response_id": 1, "article_id": 2, "text": "Fine."}\nnot json\n\n[1]\n{"text": "x"}\n')
    told = [(row.id, row.reason) for row in response_rows(path, Layout())]
    assert told == [("1", ""), ("", "no JSON"), ("", "no JSON object"), ("", "no response_id, article_id")]


def test_the_layout_of_the_corpus_of_opinion_articles(tmp_path: Path) -> None:
    pd.DataFrame(
        [("7", "On soup", "Ann Baker", "<p>Soup is awful.</p><p>I hate soup.</p><script>no()</script>")],
        columns=["article_id", "title", "author", "article_text"],
    ).to_csv(tmp_path / "a.csv", index=False)
    pd.DataFrame(
        [("7", "source1_7_0", "I thought Baker loved soup. Now I see that she hates soup.")],
        columns=["article_id", "comment_counter", "comment_text"],
    ).to_csv(tmp_path / "r.csv", index=False)
    run_corpus(tmp_path / "a.csv", tmp_path / "r.csv", tmp_path / "out", layout=LAYOUTS["socc"], workers=1)
    [row] = pd.read_parquet(tmp_path / "out" / "summary.parquet").to_dict("records")
    assert (row["response_id"], row["type"], row["after_verdict"]) == ("source1_7_0", "reversal", "borne out")


def test_another_run_in_the_same_folder_is_refused(corpus: tuple[Path, Path], whole: Path) -> None:
    with pytest.raises(InputError, match="another part_size"):
        run_corpus(*corpus, whole, layout=LAYOUT, workers=1, part_size=21)
    with pytest.raises(InputError, match="another layout"):
        run_corpus(*corpus, whole, workers=1, part_size=20)
    assert json.loads((whole / "run.json").read_text())["part_size"] == 20


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nope.csv", "r.csv"], "no such file"),
        (["a.csv", "r.txt"], "must end in one of .csv"),
        (["a.csv", "r.csv", "--response-text", "body"], "no column body. Found: response_id, article_id, text"),
        (["a.csv", "r.csv", "--layout", "odd"], "unknown. Use one of plain, socc"),
        (["a.csv", "broken.parquet"], "this is no Parquet file"),
        (["a.csv", "r.csv", "--out", "a.csv"], "cannot be written"),
    ],
)
def test_a_users_mistake_is_one_line(
    arguments: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text("article_id,text\n1,Soup is awful.\n")
    Path("r.csv").write_text("response_id,article_id,text\n1,1,Soup is good.\n")
    Path("broken.parquet").write_text("no")
    done = CliRunner().invoke(app, ["corpus", "--out", "out", "--workers", "1", *arguments])
    assert done.exit_code != 0
    assert says in str(done.exception)


def test_the_command_says_what_it_came_to(corpus: tuple[Path, Path], tmp_path: Path) -> None:
    done = subprocess.run(command(corpus, tmp_path, "--workers", "1"), check=True, capture_output=True, text=True)
    assert done.stdout.startswith("5 articles and 120 responses read, 0 rows rejected.\n")
    assert done.stderr == ""
