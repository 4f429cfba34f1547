import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from analysis.cli import app

DATA = Path(__file__).parent.parent / "data"
run = CliRunner().invoke


def test_prints_the_finding_with_its_words() -> None:
    done = run(app, ["read", str(DATA / "raw" / "networking-sucks.txt"), "--targets", str(DATA / "targets.csv")])
    assert done.exit_code == 0
    for words in (
        "the author is negative about networking",
        "the author is pessimistic about transactional people",
        "retargeting",
        "no longer an evaluation but an expectation",
        "i thought Jon Westenberg is negative about concept of networking",
        "characters 2298–2362",
        "the passages that the reader quotes, all that we have of the essay",
    ):
        assert words in done.stdout


def test_reads_a_pair_without_targets(tmp_path: Path) -> None:
    essay, response = tmp_path / "essay.txt", tmp_path / "response.txt"
    essay.write_text("Cold soup\n\nby Ann Baker\n\nCold soup is awful.")
    response.write_text("I thought Baker hated soup. Then I realised that she only dislikes salt.")
    done = run(app, ["read", str(essay), str(response)])
    assert done.exit_code == 0
    assert "negative about soup" in done.stdout
    assert "Looked for in the essay (" in done.stdout
    assert "the belief after is " in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["read", "nope.txt"], "nope.txt: no such file"),
        (["read", "."], "this is a directory"),
        (["read", str(DATA / "raw" / "networking-sucks.txt"), "--targets", "nope.csv"], "nope.csv: no such file"),
        (["read", str(DATA / "raw" / "networking-sucks.txt"), "--voices", "nope.csv"], "nope.csv: no such file"),
    ],
)
def test_a_users_mistake_is_one_line_and_exit_code_2(arguments: list[str], says: str) -> None:
    done = run(app, arguments)
    assert done.exit_code == 2
    assert says in done.stderr
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.output


def test_help_teaches_with_examples() -> None:
    assert "analysis read essay.txt response.txt" in " ".join(run(app, ["read", "--help"]).stdout.split())


def test_runs_as_a_module_and_reading_draws_nothing() -> None:
    code = (
        "import sys; sys.argv[1:] = ['read', sys.argv[1]]\n"
        "import analysis.cli\n"
        "try:\n    analysis.cli.main()\nexcept SystemExit as end:\n    assert not end.code\n"
        "assert 'matplotlib' not in sys.modules"
    )
    text = str(DATA / "raw" / "networking-sucks.txt")
    done = subprocess.run([sys.executable, "-c", code, text], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    module = subprocess.run([sys.executable, "-m", "analysis", "--help"], capture_output=True, text=True, check=False)
    assert module.returncode == 0
