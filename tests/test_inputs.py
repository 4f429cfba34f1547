"""Every row of tests/inputs.csv, which the documentation shows as it stands: what happens with odd and bad input."""

import csv
import io
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis import cleaning, voices
from analysis.cli import main

TABLE = Path(__file__).parent / "inputs.csv"
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))

ESSAY = (
    "Cold soup\n\nby Ann Baker\n\nCold soup is awful. I hate it. Hot soup is wonderful. Bread is a joy. Salt spoils a "
    "soup, and pepper is worse. We love our kitchen. The café in our street is dear."
)
RESPONSE = "I thought Baker hated soup. Then I realised that she only dislikes cold soup. I like her café."
PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00" * 9
PAGE = (
    "<!DOCTYPE html><html><head><title>Soup</title><script>alert('awful')</script></head><body><nav>Home</nav>"
    "<article><h1>Cold soup</h1><p>by Ann Baker</p><p>Cold soup is <b>awful</b>. I hate it. Bread is fine.</p>"
    "<p>Salt spoils it. Pepper&nbsp;is worse &amp; dearer.</p><script>document.write('x')</script></article></body>"
)
SPANISH = (
    "Todos los seres humanos nacen libres e iguales en dignidad y derechos y, dotados como están de razón y conciencia,"
    " deben comportarse fraternalmente los unos con los otros. "
) * 11
LEARNER = (
    "When i was start to read this essay i thought writer is negative about soup. After i done reading i figured out"
    " he just don't like restaurant that sell it very expensive for student. In my country people eat soup everyday "
    "and nobody complain, because it make all people happy. Maybe we need think about price before the soup. "
) * 5

Files = Callable[[str, str | bytes], Path]


def case(name: str, files: Files, monkeypatch: pytest.MonkeyPatch, folder: Path) -> list[str]:
    """Make what a row speaks of, and give back the arguments."""

    def pair(essay: str | bytes = ESSAY, response: str | bytes = RESPONSE, suffix: str = ".txt") -> list[str]:
        return [str(files(f"essay{suffix}", essay)), str(files("response.txt", response))]

    def table(option: str, content: str | bytes) -> list[str]:
        return [*pair(), option, str(files("table.csv", content))]

    target = "target,label,heads,restrictors,note\n"
    match name:
        case "missing":
            return [str(folder / "nope.txt")]
        case "directory":
            return [str(folder)]
        case "empty":
            return pair("")
        case "blank":
            return pair(ESSAY, " \n\t\xa0\u2028 ")
        case "invisible":
            return pair("\ufeff\u200b\u200d\u2060\n\u200b")
        case "binary":
            return pair(PICTURE)
        case "nul-heavy":
            return pair(ESSAY.replace(" ", " \0").encode())
        case "too-large":
            monkeypatch.setattr(cleaning, "LARGEST", 100)
            return pair()
        case "scripts-only":
            return pair(
                "<!DOCTYPE html><html><script>soup = 'awful'</script><style>p {}</style></html>", suffix=".html"
            )
        case "stdin-twice":
            return ["-", "-"]
        case "windows":
            return pair(ESSAY.replace("It", "It’s").encode("cp1252"))
        case "mixed":
            return pair(f"{ESSAY} Déjà vu, naïve “crêpes”.".encode() + " A café’s soup.".encode("cp1252"))
        case "utf16-mark":
            return pair(ESSAY.encode("utf-16"))
        case "utf16-bare":
            return pair(ESSAY.encode("utf-16-le"))
        case "nul":
            return pair(ESSAY.replace("soup is", "soup\0 is").encode())
        case "long-line" | "long-word":
            monkeypatch.setattr(voices, "LONGEST_PARAGRAPH", 200)
            line = "We love our kitchen and hate its smell. " * 20 if name == "long-line" else "soup" * 200
            return pair(f"{ESSAY}\n{line}")
        case "many-paragraphs":
            return pair("\n\n".join(["The soup is fine. We like it."] * 500))
        case "only-title":
            return pair("On soup\n\nby Ann Baker")
        case "short-essay":
            return pair("Cold soup is awful.")
        case "only-response":
            return pair()[1:]
        case "only-essay":
            return [str(files("essay.txt", "Cold soup is awful. I hate it. Bread is fine. We eat it. It is good."))]
        case "swapped":
            return pair(RESPONSE, ESSAY)
        case "same-file":
            return [pair()[0]] * 2
        case "spanish":
            return pair(SPANISH)
        case "learner":
            return pair(response=LEARNER)
        case "emoji":
            return pair(response=f"{RESPONSE} 🍲❤️‍🔥 \u202bהמרק טוב\u202c مرحبا 👩‍👩‍👧 I love it 😀.")
        case "zero-width":
            return pair(
                response=f"{RESPONSE} The so\u200bup i\u0308s cafe\u0301-like, z\u0351\u036b\u0343a\u0346lgo is bad."
            )
        case "html":
            return pair(PAGE, suffix=".html")
        case "html-as-text":
            return pair(PAGE)
        case "markdown":
            return pair(
                f"# Cold soup\n\n*by* Ann Baker\n\n[Soup](http://a.b) is **awful**.\n\n```\ncode\n```\n\n{ESSAY}",
                suffix=".md",
            )
        case "markup-in-text":
            return pair(f"{ESSAY} A <script>alert(1)</script> is <b>bad</b> & worse.")
        case "dollars":
            return pair(
                ESSAY.replace("Salt", "A $5 {salt} of $x_{1$ and \\frac{"), RESPONSE.replace("cold soup", "cold $oup$")
            )
        case "crlf":
            return pair(ESSAY.replace("\n", "\r\n"))
        case "voices-missing" | "targets-missing":
            return [*pair(), f"--{name.split('-')[0]}", str(folder / "nope.csv")]
        case "voices-columns":
            return table("--voices", "source,start,end\nessay,0,2\n")
        case "voices-number":
            return table("--voices", "source,start,end,voice\nessay,0,two,author\n")
        case "voices-unknown":
            return table("--voices", "source,start,end,voice\nessay,0,2,narrator\n")
        case "voices-source":
            return table("--voices", "source,start,end,voice\nesay,0,2,author\n")
        case "voices-range":
            return table("--voices", "source,start,end,voice\nessay,0,9999,author\n")
        case "voices-overlap":
            return table("--voices", "source,start,end,voice\nessay,0,9,author\nessay,5,12,reader\n")
        case "voices-twice":
            return table("--voices", "source,start,end,voice\nessay,0,9,author\nessay,0,9,author\n")
        case "voices-binary":
            return table("--voices", PICTURE)
        case "targets-empty":
            return table("--targets", "")
        case "targets-columns":
            return table("--targets", "target,label,restrictors,note\nsoup,,,\n")
        case "targets-cells":
            return table("--targets", f"{target}soup,soup,soup,\n")
        case "targets-heads":
            return table("--targets", f"{target}soup,soup,,,\n")
        case "targets-name":
            return table("--targets", f"{target}cold soup,soup,soup,,\n")
        case "targets-twice":
            return table("--targets", f"{target}soup,soup,soup,,\nsoup,soup,soup,,\n")
        case "targets-labels":
            return table("--targets", f"{target}soup,soup,soup,,\nsoup,broth,broth,,\n")
        case "out-file":
            return [*pair(), "--out", str(files("result", "mine"))]
        case "out-read-only":
            if os.geteuid() == 0:  # who may write anywhere but where nobody can
                return [*pair(), "--out", "/proc/result"]
            (folder / "closed").mkdir(mode=0o500)
            return [*pair(), "--out", str(folder / "closed" / "result")]
        case "out-full":
            # A file may grow to this many bytes; what is written beyond fails as on a full disk.
            _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
            monkeypatch.setattr("analysis.figures.pictures", lambda _: ())
            resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))
            return [*pair(), "--out", str(folder / "result")]
        case "spreadsheet-alone":
            return [*pair(), "--spreadsheet"]
    raise AssertionError(f"no test makes {name}")


@pytest.mark.parametrize("row", ROWS, ids=[row["case"] for row in ROWS])
def test_what_happens_with_odd_and_bad_input(
    row: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def files(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        monkeypatch.setattr(sys, "argv", ["analysis", "read", *case(row["case"], files, monkeypatch, tmp_path)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(ESSAY.encode())))
        before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        with pytest.raises(SystemExit) as end:
            main()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    code, (out, err) = end.value.code or 0, capsys.readouterr()
    assert code == int(row["exit"]), err
    assert "Traceback" not in out + err
    if code:
        assert out == ""
        assert err.startswith("analysis: ")
        assert err.count("\n") == 1
        assert row["says"] in err
    else:
        assert out
        said = [line for line in err.splitlines() if not line.startswith("warning: ")]
        assert said == []
        assert (row["says"] in err) if row["says"] != "-" else (err == "")
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before, "it wrote something"
