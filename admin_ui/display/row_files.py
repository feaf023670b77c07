"""Lists as files: CSV for spreadsheets and JSON lines for programs, sent while they are read."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.http import StreamingHttpResponse

MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}
"""The media type of each format."""
BYTE_ORDER_MARK = "\ufeff"
"""Tells Excel that a file is UTF-8."""
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def row_file(
    rows: Iterable[Mapping[str, Any]], *, columns: Sequence[str], form: str, name: str
) -> StreamingHttpResponse:
    """Return `rows` as a file `name`, in one of `MEDIA_TYPES`. Only CSV has `columns`."""
    lines = csv_lines(rows, columns) if form == "csv" else json_lines(rows)
    response = StreamingHttpResponse(lines, content_type=MEDIA_TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def json_lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for values in rows:
        yield json.dumps(values, ensure_ascii=False) + "\n"


class _Line:
    """What `csv` writes to: it hands each line on."""

    def write(self, line: str) -> str:
        return line


def csv_lines(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> Iterator[str]:
    """Yield a line of names, then one for each row; what is no single value is JSON."""
    writer = csv.writer(_Line())
    yield BYTE_ORDER_MARK + writer.writerow(columns)
    for values in rows:
        yield writer.writerow([_cell(values[column]) for column in columns])


def _cell(value: object) -> object:
    """Return a cell that no spreadsheet takes for a formula."""
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(FORMULAS):
        return f"'{value}"
    return value
