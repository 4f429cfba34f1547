"""The encoder: what goes in and comes out, and what must not make a difference."""

import hashlib
import json
import socket
import subprocess
import sys
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.encoder import DIGITS, Asked, Encoder, load_encoder

SOUP = Asked("The soup was a joy, but the waiter insulted my mother.", ((0, 8), (24, 34)))


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(1)


def test_two_things_in_one_sentence_have_their_own_lights(encoder: Encoder) -> None:
    [[soup, waiter]] = encoder.lights([SOUP])
    assert soup.argmax() == 2
    assert waiter.argmax() == 0


def test_probabilities_are_rounded_and_sum_to_one(encoder: Encoder) -> None:
    [found] = encoder.lights([SOUP])
    assert found.shape == (2, 3)
    assert np.allclose(found.sum(axis=1), 1, atol=2e-4)
    assert (np.round(found, DIGITS) == found).all()


def test_the_batch_makes_no_difference(encoder: Encoder) -> None:
    others = [Asked("It rained " + "and rained " * n + "on the hall.", ((0, 2),)) for n in range(40)]
    [alone], together = encoder.lights([SOUP]), encoder.lights([*others[:20], SOUP, *others[20:]])
    assert np.allclose(alone, together[20], atol=1.01 * 10**-DIGITS)


def test_threads_make_no_difference(encoder: Encoder) -> None:
    assert np.allclose(encoder.lights([SOUP])[0], load_encoder(2).lights([SOUP])[0], atol=1.01 * 10**-DIGITS)


def test_nothing_asked_nothing_answered(encoder: Encoder) -> None:
    assert encoder.lights([]) == []
    assert encoder.lights([Asked("It rained.", ())])[0].shape == (0, 3)


def test_a_span_without_words_is_unknown(encoder: Encoder) -> None:
    [found] = encoder.lights([Asked("So  it rained.", ((2, 4), (4, 6)))])
    assert np.isnan(found[0]).all()
    assert not np.isnan(found[1]).any()
    [left] = encoder.lights([Asked("The soup.", ((4, 8),), without=(4, 8))])
    assert np.isnan(left).all()


@pytest.mark.parametrize("name", ["Ngozi", "Małgorzata", "José Luis de la Vega", "Bo"])
def test_a_hidden_name_makes_no_difference(name: str, encoder: Encoder) -> None:
    def asked(name: str) -> Asked:
        end = 5 + len(name)
        return Asked(f"Once {name} lied to us about the bridge.", ((5, end), (end + 18, end + 28)), names=((5, end),))

    assert (encoder.lights([asked(name)])[0] == encoder.lights([asked("Emily")])[0]).all()


@given(st.text(alphabet="ab ", max_size=12), st.data())
@settings(deadline=None)
def test_hiding_names_moves_all_else(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    hidden, place = Asked(text, (), names=((start, end),) if end > start else ()).hidden()
    for position in (*range(start), *range(end, len(text))):
        assert hidden[place(position)] == text[position]


def test_a_sentence_beyond_the_window_is_read_around_each_mention(encoder: Encoder) -> None:
    start = "The dreadful soup was cold, "
    text = start + "and on it went " * 200 + "until the lovely cake came."
    mentions = ((0, 17), (text.index("the lovely"), text.index(" came")))
    assert encoder.is_cut(text)
    assert not encoder.is_cut(SOUP.text)
    [[soup, cake]] = encoder.lights([Asked(text, mentions)])
    assert soup.argmax() == 0
    assert cake.argmax() == 2


def test_the_weights_are_those_that_the_settings_name() -> None:
    folder = files("analysis.encoder")
    weights = (folder / "attitude.onnx").read_bytes()
    settings_ = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
    assert hashlib.sha256(weights).hexdigest() == settings_["sha256"]
    assert len(weights) <= 40_000_000
    assert settings_["sha256"] in (folder / "CARD.md").read_text(encoding="utf-8")
    assert f"**Threshold.** {settings_['threshold']}" in (folder / "CARD.md").read_text(encoding="utf-8")


def test_no_network_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a network was asked")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    load_encoder.cache_clear()
    assert load_encoder(1).lights([SOUP])[0].shape == (2, 3)


def test_the_package_does_not_need_what_trains_it() -> None:
    code = "import sys, analysis.study, analysis.encoder as e; e.load_encoder(); assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
