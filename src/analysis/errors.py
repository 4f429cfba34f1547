"""Errors that a user can fix, and what is said of all others, which are faults of this program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

# What the reason of every fault begins with, so that they can be counted.
FAULT = "a fault of this program"

_CAME_UP = "This came up in the text: "


class InputError(ValueError):
    """Something that the user gave cannot be read; the message names the file, the place and the mend.

    Examples:
        >>> raise InputError("notes.csv, row 3: no column 'target'")
        Traceback (most recent call last):
        ...
        analysis.errors.InputError: notes.csv, row 3: no column 'target'
    """


class OutputError(OSError):
    """What was asked for cannot be written; the message names the folder and why."""


def fault(error: Exception) -> str:
    """Why a text could not be read, where the program is to blame.

    Examples:
        >>> fault(IndexError("list index out of range"))
        'a fault of this program (IndexError); please report it'
    """
    return f"{FAULT} ({type(error).__name__}); please report it"


@contextmanager
def noting(text: str) -> Iterator[None]:
    """Put a note on an exception that says in which text it came up; it stays what it was otherwise."""
    try:
        yield
    except InputError:  # says so itself
        raise
    except Exception as error:
        error.add_note(f"{_CAME_UP}{text}")
        raise


def noted(error: Exception) -> str:
    """The text that `noting` put on an exception; empty if none.

    Examples:
        >>> try:
        ...     with noting("essay"):
        ...         [][0]
        ... except IndexError as error:
        ...     noted(error)
        'essay'
    """
    notes = getattr(error, "__notes__", [])
    return next((note.removeprefix(_CAME_UP) for note in notes if note.startswith(_CAME_UP)), "")
