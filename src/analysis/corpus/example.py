"""Makes a corpus from templates, with the truth beside it: for trying things out, and for measuring them.

Nobody wrote these texts. They are far more alike than what people write, so that how well the rules do on them says
little about real responses.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pandas as pd

_TOPICS = (
    "gardens trams museums pigeons bakeries bridges libraries lawns markets choirs canals fountains ferries allotments"
).split()
_PEOPLE = "planners drivers tourists landlords critics neighbours reporters teachers bankers dentists".split()
_AUTHORS = "Vera Holt,Owen Tarrant,Ida Rowe,Tom Lindqvist,Ruth Adey,Hugo Marsh".split(",")
_BAD, _GOOD = "ugly dull noisy useless awful".split(), "charming wonderful useful lovely excellent".split()

# What the author says, by what they hold.
_SAYS = {
    -1: ("{Things} are {bad}.", "I cannot stand {things}.", "I dislike {things}, and I say so.", "{Things} annoy me."),
    1: ("{Things} are {good}.", "I love {things}.", "I admire {things}, and I say so.", "{Things} delight me."),
}
_FILLER = (
    "It was a Tuesday when I began to write this.",
    "The number seven bus stops there at noon.",
    "My notebook has forty pages on the matter.",
    "There are two of them in every town that I know.",
)

# What a reader says, by type of change. `one` is the first target, `other` the second.
_SHIFTS = {
    "retargeting": (
        "At first I thought {author} hated {one}. Then I realised that {author} only dislikes {other}.",
        "I assumed that {author} was against {one}. After reading it I saw that {author} only despises {other}.",
    ),
    "reversal": (
        "I thought {author} hated {one}. But I was wrong: {author} loves {one}.",
        "Before I read this I believed that {author} disliked {one}. Now I see that {author} admires {one}.",
    ),
}
_NONE = (
    "I like {one}. {Other} are fine too.",
    "{Author} is right. {One} are {good}, and nobody says so.",
    "My sister thought {author} hated {one}. She does not read much.",
    "You might think that {author} hates {other}. That is how it goes.",
    "I have never cared about {one}. It rained on us all day.",
)


def example_corpus(responses: int = 300, *, seed: int = 1, a_article: int = 25) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make articles and responses to them.

    Args:
        responses: How many.
        seed: The same seed makes the same corpus.
        a_article: How many responses an article has.

    Returns:
        Articles (`article_id, title, author, text`), and responses (`response_id, article_id, text`), the latter with
        the truth: `type` of the change, empty where there is none; `before_target`, `after_target`; and
        `before_borne_out`, `after_borne_out`, whether the article was made to say so.

    Examples:
        >>> articles, answers = example_corpus(50)
        >>> len(articles), len(answers), sorted(set(answers["type"]))
        (2, 50, ['', 'retargeting', 'reversal'])
    """
    draw = random.Random(seed)
    made = [_article(draw, number) for number in range(-(-responses // a_article))]
    told = [_response(draw, number, made[number // a_article]) for number in range(responses)]
    return pd.DataFrame([article for article, _ in made]), pd.DataFrame(told)


def _article(draw: random.Random, number: int) -> tuple[dict[str, Any], dict[str, Any]]:
    one, other = draw.choice(_TOPICS), draw.choice(_PEOPLE)
    # Against both, for both, or for the one and against the other.
    signs = draw.choice([(-1, -1), (1, 1), (1, -1)])
    author = draw.choice(_AUTHORS)
    lines = [line for thing, sign in zip((one, other), signs, strict=True) for line in _lines(draw, thing, sign)]
    lines += draw.sample(_FILLER, 3)
    draw.shuffle(lines)
    half = len(lines) // 2
    text = " ".join(lines[:half]) + "\n\n" + " ".join(lines[half:])
    row = {"article_id": f"a{number:05d}", "title": f"On {one} and {other}", "author": author, "text": text}
    return row, {"id": row["article_id"], "author": author.split()[1], "one": one, "other": other, "signs": signs}


def _lines(draw: random.Random, thing: str, sign: int) -> Iterator[str]:
    for template in draw.sample(_SAYS[sign], 3):
        yield template.format(things=thing, Things=thing.capitalize(), bad=draw.choice(_BAD), good=draw.choice(_GOOD))


def _response(draw: random.Random, number: int, made: tuple[dict[str, Any], dict[str, Any]]) -> dict[str, Any]:
    _, article = made
    kind = draw.choice(["", "", "retargeting", "reversal"])
    template = draw.choice(_SHIFTS[kind] if kind else _NONE)
    names = {name: article[name] for name in ("author", "one", "other")}
    text = template.format(
        **names, **{name.capitalize(): word.capitalize() for name, word in names.items()}, good=draw.choice(_GOOD)
    )
    if draw.random() < 0.5:
        text = f"{text} {draw.choice(_FILLER)}"
    row = {"response_id": f"r{number:06d}", "article_id": article["id"], "text": text, "type": kind}
    one, other = article["signs"]
    # A retargeting goes from blame of the one to blame of the other, a reversal from blame to praise of the one.
    after = {"retargeting": ("other", other < 0), "reversal": ("one", one > 0)}.get(kind)
    return row | {
        "before_target": article["one"] if kind else "",
        "after_target": article[after[0]] if after else "",
        "before_borne_out": one < 0 if kind else None,
        "after_borne_out": after[1] if after else None,
    }
