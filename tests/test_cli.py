import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from analysis import doctor, read, study
from analysis.cli import app
from analysis.shifts import find_changes

DATA = Path(__file__).parent.parent / "data"
run = CliRunner().invoke


def test_prints_the_finding_with_its_words() -> None:
    done = run(app, ["read", str(DATA / "raw" / "networking-sucks.txt"), "--targets", str(DATA / "targets.csv")])
    assert done.exit_code == 0
    told = " ".join(done.stdout.split())
    for words in (
        "the author is negative about networking",
        "the author is pessimistic about transactional people",
        "retargeting",
        "no longer an evaluation but an expectation",
        "i thought Jon Westenberg is negative about concept of networking",
        "(document 2298–2362)",
        "the passages that the reader quotes, all that we have of the essay",
    ):
        assert words in told


def test_reads_a_pair_without_targets(tmp_path: Path) -> None:
    essay, response = tmp_path / "essay.txt", tmp_path / "response.txt"
    essay.write_text("Cold soup\n\nby Ann Baker\n\nCold soup is awful.")
    response.write_text("I thought Baker hated soup. Then I realised that she only dislikes salt.")
    done = run(app, ["read", str(essay), str(response)])
    assert done.exit_code == 0
    assert "negative about cold soup" in done.stdout
    assert "Evidence was looked for in the essay (" in done.stdout
    assert "warning: essay: The author has 2 sentences" in done.stderr


def test_says_plainly_when_no_change_is_stated(tmp_path: Path) -> None:
    essay = tmp_path / "essay.txt"
    essay.write_text("The breakfast was wonderful. The staff were rude.")
    done = run(app, ["read", str(essay), "-"], input="I liked the breakfast too.")
    assert done.exit_code == 0
    told = " ".join(done.stdout.split())
    assert "The reader states no change of belief." in told
    assert "What the author has against anything, the strongest first: -0." in told
    assert "“The staff were rude.” (staff: rude)" in told
    assert "reader breakfast 1 0 +0." in told


def test_shows_the_strongest_sentences_each_way() -> None:
    done = run(app, ["read", str(DATA / "raw" / "networking-sucks.txt"), "--targets", str(DATA / "targets.csv")])
    told = " ".join(done.stdout.split())
    own = read(DATA / "raw" / "networking-sucks.txt", targets=DATA / "targets.csv")
    for side in own.verdicts.to_dict("records"):
        n = side["n_for"]
        strongest = "the strongest of " if n > 3 else ""
        assert f"For the belief {side['side']}, {strongest}{n} sentences:" in told
    assert "“I hate that whole concept" in told


def test_json_is_the_finding(tmp_path: Path) -> None:
    text = DATA / "raw" / "networking-sucks.txt"
    done = run(app, ["read", str(text), "--targets", str(DATA / "targets.csv"), "--json", "--quiet"])
    found = json.loads(done.stdout)
    assert done.stderr == ""
    [shift] = found["shifts"]
    assert shift["type"] == "retargeting"
    decoded = text.read_text(encoding="utf-8")
    for side in ("before", "after"):
        assert decoded[shift[side]["start"] : shift[side]["end"]] == shift[side]["text"]
        assert shift[side]["verdict"] in {"borne out", "not borne out", "not enough evidence"}
        for row in shift[side]["strongest"]:
            assert decoded[row["start"] : row["end"]] == row["text"]
    assert shift["turn"]["sentence"] is None, "unknown is null"
    assert len(found["claims"]) == sum(row["n"] for row in found["who"])


def test_out_writes_a_folder_and_says_where(tmp_path: Path) -> None:
    (tmp_path / "text.md").write_text("Soup is **awful**. I hate it.")
    done = run(app, ["read", str(tmp_path / "text.md"), "--out", str(tmp_path / "result")])
    assert done.exit_code == 0
    assert "report.html" in done.stderr
    assert (tmp_path / "result" / "report.html").is_file()
    quiet = run(app, ["read", str(tmp_path / "text.md"), "--out", str(tmp_path / "result"), "--quiet"])
    assert (quiet.exit_code, quiet.output) == (0, "")


def test_help_teaches_with_examples() -> None:
    told = " ".join(run(app, ["read", "--help"]).stdout.split())
    assert "analysis read essay.txt response.txt" in told
    for option in ("--targets", "--voices", "--out", "--json", "--quiet", "--spreadsheet"):
        assert option in told


def test_doctor_finds_this_installation_in_order() -> None:
    done = run(app, ["doctor"])
    assert done.exit_code == 0, done.stdout
    assert "WRONG" not in done.stdout
    for what in ("spacy:", "language model: en_core_web_sm", "its weights: SHA-256", "reference text: 11 claims"):
        assert what in done.stdout


def test_doctor_says_what_is_wrong_and_how_to_mend_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "WEIGHTS_HASH", "0000")
    monkeypatch.setattr(doctor, "SHIFT", ("gardening", "magazines", "reversal"))
    monkeypatch.setattr(doctor, "PACKAGES", ["spacy", "no-such-package"])
    done = run(app, ["doctor"])
    assert done.exit_code == 1
    assert done.stdout.count("WRONG") == 3
    assert "--force-reinstall" in done.stdout
    assert "retargeting" in done.stdout
    assert "python -m pip install no-such-package" in done.stdout


def test_doctor_says_that_the_known_text_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "read", failing(IndexError("list index out of range")))
    done = run(app, ["doctor"])
    assert (done.exit_code, done.stderr) == (1, "")
    assert "WRONG   reference text: the program fails on it (IndexError)" in done.stdout
    assert "Traceback (most recent call last)" in run(app, ["doctor", "--debug"]).stderr


def failing(error: BaseException, word: str = "") -> Callable[..., Any]:
    """What raises an error, if the word is in a text whose changes of belief are looked for."""

    def fail(texts: Any = (), *rest: Any, **options: Any) -> Any:
        if not word or any(word in sentence.text for text in texts for sentence in text.sentences):
            raise error
        return find_changes(texts, *rest, **options)

    return fail


@pytest.fixture
def pair(tmp_path: Path) -> list[str]:
    essay, response = tmp_path / "essay.txt", tmp_path / "response.txt"
    essay.write_text("Cold soup\n\nby Ann Baker\n\nCold soup is awful.")
    response.write_text("I like bread.")
    return [str(essay), str(response)]


def test_a_fault_is_one_line_that_names_the_text(pair: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for number, word in enumerate(("soup", "bread")):
        monkeypatch.setattr(study, "find_changes", failing(IndexError("list index out of range"), word))
        done = run(app, ["read", *pair])
        assert (done.exit_code, done.stdout) == (1, "")
        assert done.stderr == (
            f"analysis: {pair[number]}: a fault of this program (IndexError); please report it, with the text and what "
            "--debug shows.\n"
        )
    done = run(app, ["read", pair[0], "-"], input="I like bread.")
    assert done.stderr.startswith("analysis: standard input: a fault of this program (IndexError)")
    done = run(app, ["read", pair[1]])
    assert done.stderr.startswith(f"analysis: {pair[1]}: a fault of this program (IndexError)")


def test_a_fault_between_two_texts_names_both(pair: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(study, "turns_table", failing(KeyError("soup")))
    done = run(app, ["read", *pair])
    assert done.exit_code == 1
    assert done.stderr.startswith(f"analysis: {pair[0]} and {pair[1]}: a fault of this program (KeyError)")


def test_debug_shows_where_a_fault_is(pair: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(study, "find_changes", failing(IndexError("list index out of range"), "bread"))
    done = run(app, ["read", *pair, "--debug"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("Traceback (most recent call last):\n")
    assert "\nIndexError: list index out of range\n" in done.stderr
    assert done.stderr.endswith("please report it, with the text and what is shown above.\n")


def test_what_is_no_fault_of_the_program_is_not_called_one(pair: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for error, says in (
        (MemoryError(), "analysis: this computer has not enough memory free for it.\n"),
        (OSError(28, "No space left on device"), "analysis: [Errno 28] No space left on device\n"),
        (KeyboardInterrupt(), ""),
    ):
        monkeypatch.setattr(study, "find_changes", failing(error))
        done = run(app, ["read", *pair])
        assert done.exit_code != 0
        assert says in done.stderr
        assert "fault of this program" not in done.stderr


def test_no_traceback_is_shown_of_a_fault(pair: list[str]) -> None:
    code = (
        "import sys; sys.argv[1:] = ['read', *sys.argv[1:]]\n"
        "from analysis import cli, study\n"
        "study.find_changes = lambda *_: [][0]\n"
        "cli.main()"
    )
    for more, lines in (([], 1), (["--debug"], None)):
        done = subprocess.run([sys.executable, "-c", code, *pair, *more], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (1, "")
        assert lines is None or done.stderr.count("\n") == lines
        assert not set("╭│╰") & set(done.stderr), "no frame, and nothing of what the variables hold"


def test_runs_as_a_module_and_reading_needs_no_pictures_and_no_statistics() -> None:
    code = (
        "import sys; sys.argv[1:] = ['read', sys.argv[1]]\n"
        "import analysis.cli\n"
        "try:\n    analysis.cli.main()\nexcept SystemExit as end:\n    assert not end.code\n"
        "assert not {'matplotlib', 'scipy', 'sklearn', 'tqdm.auto', 'IPython'} & set(sys.modules)"
    )
    text = str(DATA / "raw" / "networking-sucks.txt")
    done = subprocess.run([sys.executable, "-c", code, text], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    module = subprocess.run([sys.executable, "-m", "analysis", "--help"], capture_output=True, text=True, check=False)
    assert module.returncode == 0
