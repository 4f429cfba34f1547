"""The exceptions for what a user can mend, so that a program can tell them from a fault of ours."""


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
