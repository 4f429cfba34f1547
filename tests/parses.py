"""Reads the parses that are stored in `tests/parses/`, so that claims are tested without the parser.

They are in CoNLL-U, a table a sentence. `python tests/parses.py "A sentence."` prints the pinned model's parse of a
sentence in that form, to be read, corrected where it is wrong, and stored.
"""

import sys
from functools import cache
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

FOLDER = Path(__file__).with_suffix("")


@cache
def _english() -> Language:
    return spacy.blank("en")


@cache
def stored() -> dict[str, list[list[str]]]:
    """The rows of every stored sentence, by its text."""
    found: dict[str, list[list[str]]] = {}
    for path in sorted(FOLDER.glob("*.conllu")):
        for block in path.read_text(encoding="utf-8").strip().split("\n\n"):
            lines = block.split("\n")
            text = next(line.removeprefix("# text = ") for line in lines if line.startswith("# text = "))
            found[text] = [line.split("\t") for line in lines if not line.startswith("#")]
    return found


def parsed(*texts: str) -> Doc:
    """One `Doc` of stored sentences, with a blank between them."""
    words, spaces, lemmas, pos, tags, heads, deps = [], [], [], [], [], [], []
    for number, text in enumerate(texts):
        first = len(words)
        rows = stored()[text]
        for index, (_, form, lemma, upos, xpos, _, head, dep, _, misc) in enumerate(rows):
            last = index == len(rows) - 1
            words.append(form)
            lemmas.append(lemma)
            pos.append(upos)
            tags.append(xpos)
            heads.append(first + (int(head) - 1 if head != "0" else index))
            deps.append(dep)
            spaces.append(number < len(texts) - 1 if last else misc != "SpaceAfter=No")
    doc = Doc(_english().vocab, words=words, spaces=spaces, lemmas=lemmas, pos=pos, tags=tags, heads=heads, deps=deps)
    assert doc.text == " ".join(texts)
    return doc


def as_conllu(text: str) -> str:
    """The pinned model's parse of one sentence."""
    from analysis.parsing import load_model

    lines = [f"# text = {text}"]
    for token in load_model()(text):
        head = 0 if token.head.i == token.i else token.head.i + 1
        space = "_" if token.whitespace_ or token.i == len(token.doc) - 1 else "SpaceAfter=No"
        row = [token.i + 1, token.text, token.lemma_, token.pos_, token.tag_, "_", head, token.dep_, "_", space]
        lines.append("\t".join(map(str, row)))
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write("\n\n".join(as_conllu(text) for text in sys.argv[1:]) + "\n")
