"""The README says what the code computes, and what it tells people to type works."""

import re
import subprocess

from readme import BEGIN, END, FIGURE, NOTEBOOK, README, ROOT, figure, with_finding

TEXT = README.read_text(encoding="utf-8")


def test_the_finding_is_the_one_computed() -> None:
    assert with_finding(TEXT) == TEXT, "run: make notebooks"


def test_the_figure_is_the_stored_notebooks() -> None:
    assert FIGURE.read_bytes() == figure(NOTEBOOK)[0], "run: make notebooks"


def test_it_opens_with_the_finding() -> None:
    opening, finding = TEXT.index(BEGIN), TEXT[TEXT.index(BEGIN) : TEXT.index(END)]
    assert opening < 1000
    for words in (
        "negative about networking",
        "pessimistic about transactional people",
        "reference marks",
        "no human has marked it",
        "How sure we are",
    ):
        assert words in finding


def test_every_link_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", TEXT)
    assert len(links) > 8
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_make_target_exists() -> None:
    targets = set(re.findall(r"\bmake ([a-z]+)\b", TEXT)) - {"pages"}
    listed = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert {"study", "test", "notebooks", "setup"} <= targets
    assert {target for target in targets if f"make {target} " not in listed.stdout} <= {"sets", "of"}


def test_the_python_example_runs() -> None:
    [code] = re.findall(r"```python\n(.*?)```", TEXT, flags=re.DOTALL)
    names: dict[str, object] = {}
    exec(code, names)
    study = names["study"]
    assert study.shifts["type"].tolist()  # type: ignore[attr-defined]
    assert set(study.claims["target"]) >= {"cold soup", "bread"}  # type: ignore[attr-defined]
