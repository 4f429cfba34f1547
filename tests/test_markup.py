"""Markdown and HTML: the words are left, every cut is listed, and the way back to the file is kept."""

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import Source
from analysis.cleaning import clean
from analysis.markup import form_of
from analysis.voices import find_voices

PAGE = """<!DOCTYPE html>
<html><head><title>A title for the browser</title><script>alert("<p>no</p>")</script></head>
<body><nav>Home <a href="/">About</a></nav>
<article><h1>Against <em>soup</em></h1><p class="by">By Ann
 Baker</p><p>Soup is <b>aw</b>ful. Don&rsquo;t eat&nbsp;it &amp; don't ask.<br>Ever.</p>
<blockquote><p>She said so.</p></blockquote><!-- <p>no</p> -->
<ul><li>One</li><li><p>Two</p></li></ul><div hidden>no</div><p title="a > b" data-hidden='x'>I said <q>yes</q>.</p>
</article>
<footer>All rights reserved</footer></body></html>
"""

NOTES = """---
title: no
---
# A *title* \\* here

By Ann Baker

Some **bold _nest_** text &amp; more with [a link](http://a.b/(c) "no") and
a second line\\
of `code` <b>x</b> ![no](img.png) [ref][1].

    an indented line

> quote one
> goes on

1. item one
   goes on

```
no
```

<div>a <i>block</i></div>

[1]: http://no
"""

pieces = st.sampled_from(
    "<p> </p> <b> </b> <li> <blockquote> </blockquote> &amp; &lt &#233; &no; <!-- --> <script> </script> <![CDATA[ ]]> "
    "<article> </article> <main> <q> </q> <h1> </h1> <br> <nav> </nav> <?php * ** _ [ ](a) ]( ![ ` ``` # > - 1. \\* ---"
    " < & <a href='x &nbsp; &#0; &#x301; soup e".split(" ")
) | st.sampled_from(["\n", "\r\n", " ", "  \n", "\u0301", "\0", "\u2028", "\x1c"])


def test_a_page_is_its_words() -> None:
    assert clean(PAGE, "html")[0] == (
        "# Against soup\n\nBy Ann Baker\n\nSoup is awful. Don’t eat\xa0it & don't ask.\nEver.\n\n> She said so.\n\n"
        "• One\n\n• Two\n\nI said “yes”."
    )


def test_a_text_in_markdown_is_its_words() -> None:
    assert clean(NOTES, "markdown")[0] == (
        "# A title * here\n\nBy Ann Baker\n\nSome bold nest text & more with a link and a second line\n"
        "of code x ref.\n\nan indented line\n\n> quote one goes on\n\n• item one goes on\n\na block"
    )


def test_every_word_leads_back_into_the_page() -> None:
    source = Source.from_bytes(PAGE.encode(), name="essay")
    told = [
        (p.role, source.text[p.start : p.end], source.decoded[slice(*source.to_raw(p.start, p.end))])
        for p in find_voices(source)
    ]
    assert told[1] == ("byline", "By Ann Baker", "By Ann\n Baker")
    assert told[4] == ("quote", "She said so.", "She said so.")
    assert told[2][2] == "Soup is <b>aw</b>ful. Don&rsquo;t eat&nbsp;it &amp; don't ask."
    start = source.text.index("awful")
    first, last = source.to_bytes(start, start + 5)
    assert source.raw[first:last] == b"aw</b>ful"


def test_headings_quotations_and_lists_are_known_by_their_signs() -> None:
    source = Source.from_bytes(NOTES.encode(), name="essay", suffix=".md")
    assert [paragraph.role for paragraph in find_voices(source)] == (
        ["title", "byline", "body", "body", "body", "quote", "list item", "body"]
    )


@pytest.mark.parametrize(
    ("suffix", "text", "form"),
    [
        (".md", "words", "markdown"),
        (".HTM", "words", "html"),
        (".txt", "<p>words", "plain"),
        ("", "\ufeff\n<!-- a --><HTML lang=en>", "html"),
        (".txt", "<!doctype html>", "html"),
        (".txt", "<htmlish", "plain"),
    ],
)
def test_the_form_is_told_by_suffix_or_beginning(suffix: str, text: str, form: str) -> None:
    assert form_of(suffix, text) == form


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<p>one<p>two", "one\n\ntwo"),
        ("one</p>two", "one\n\ntwo"),
        ("<div>a<span>b</span> <span>c</span></div>", "ab c"),
        ("<main>in</main> out", "in"),
        ("<article>one</article><article>two</article>", "one\n\ntwo"),
        ("a <nav>b</nav> c", "a c"),
        ("x < y & z", "x < y & z"),
        ("it's <a title='>'>so</a>", "it's so"),
        ("one<!-- never closed", "one"),
        ("one<script>never closed", "one"),
        ("<svg><title>no</title></svg>yes", "yes"),
        ("&#x1F372; &notanentity; &copy", "🍲 ¬anentity; ©"),
    ],
)
def test_pages_that_are_not_in_order(page: str, words: str) -> None:
    assert clean(page, "html")[0] == words


@settings(deadline=None, max_examples=400)
@given(st.lists(pieces | st.text(max_size=3), max_size=14).map("".join), st.sampled_from(["html", "markdown", "plain"]))
def test_nothing_is_changed_that_is_not_listed(text: str, form: str) -> None:
    cleaned, repairs = clean(text, form)
    assert unicodedata.is_normalized("NFC", cleaned)
    rebuilt, position = [], 0
    for repair in repairs:
        assert text[repair.raw_start : repair.raw_end] == repair.raw_text
        assert cleaned[repair.start : repair.end] == repair.text
        assert repair.raw_start >= position
        rebuilt += [text[position : repair.raw_start], repair.text]
        position = repair.raw_end
    assert "".join([*rebuilt, text[position:]]) == cleaned


@pytest.mark.parametrize("opened", ["<!--", "<a ", "<a b='", "</", "<![CDATA[", "<script>", "&", "<", "<p", "<q>"])
def test_what_is_opened_and_never_closed_takes_no_longer(opened: str) -> None:
    began = time.perf_counter()
    clean(opened * 50_000, "html")
    assert time.perf_counter() - began < 5
