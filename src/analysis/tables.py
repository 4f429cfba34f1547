"""Reads the small CSV tables that people write by hand, with the row number in every complaint."""

from __future__ import annotations

import csv
from pathlib import Path

from analysis.errors import InputError


def read_csv(path: str | Path, columns: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    """Read a CSV file (UTF-8) that must have these columns.

    Args:
        path: The file. Lines that begin with `#` are comments.
        columns: The names that its first row must hold; more may be there.

    Returns:
        A pair for each row: its line number in the file, and its cells, stripped, by column.

    Raises:
        InputError: If the file cannot be read, a column is missing or doubled, or a row has too many or too few cells.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise InputError(f"{path}: this is not UTF-8. Save the table as CSV in UTF-8.") from None
    except FileNotFoundError:
        raise InputError(f"{path}: no such file. Give the path of a CSV file.") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}).") from None
    told = [(number, line) for number, line in enumerate(lines, start=1) if line.strip() and not line.startswith("#")]
    if not told:
        raise InputError(f"{path}: the file is empty. Its first row must be: {','.join(columns)}")
    reader = csv.reader([line + "\n" for _, line in told])
    try:
        rows = [(told[reader.line_num - 1][0], cells) for cells in reader]
    except csv.Error as error:
        raise InputError(f"{path}, row {told[reader.line_num - 1][0]}: {error}.") from None
    header = [cell.strip() for cell in rows[0][1]]
    missing = [column for column in columns if column not in header]
    if missing:
        raise InputError(f"{path}: no column {', '.join(missing)}. Found: {', '.join(header)}.")
    if len(set(header)) < len(header):
        raise InputError(f"{path}: a column stands twice in the first row: {', '.join(header)}.")
    for number, cells in rows[1:]:
        if len(cells) != len(header):
            raise InputError(f"{path}, row {number}: {len(cells)} cells where the first row has {len(header)}.")
    return [(number, dict(zip(header, (cell.strip() for cell in cells), strict=True))) for number, cells in rows[1:]]
