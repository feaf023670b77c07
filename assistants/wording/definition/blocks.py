"""A compared text, prepared for a page: marked words, lines in blocks, folded stretches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from django.utils.safestring import SafeString, mark_safe

from assistants.definition import look_alike
from assistants.diff import Piece
from assistants.wording.marks import all_marked, marked, same_to_the_eye, whitespace

CONTEXT = 2
"""Unchanged lines shown around a change; longer stretches fold."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some lines of a compared text: either all unchanged (`folded` when many), or a change.

    `html` marks both sides in one text; `old` and `new` are the sides by themselves.
    """

    html: SafeString
    old: SafeString
    new: SafeString
    changed: bool
    folded: int = 0
    """How many lines are folded away; 0 when they are shown."""


def show_pieces(pieces: Sequence[Piece]) -> SafeString:
    """Return pieces as HTML, escaped, in `<ins>` or `<del>` where they are one, unseen characters
    named."""
    return _joined(list(_shown(pieces)))


def _shown(pieces: Sequence[Piece]) -> Iterator[tuple[str, str]]:
    """Each piece's sign and HTML."""
    ends = {"-": "", "+": ""}
    for former, piece in pairwise([Piece("=", ""), *pieces]):
        yield piece.op, _inner(piece, former, before=ends["+" if piece.op == "+" else "-"])
        ends |= dict.fromkeys("-+" if piece.op == "=" else piece.op, piece.text)


def _joined(shown: list[tuple[str, str]]) -> SafeString:
    """The last line end is left out, since a block ends there anyway."""
    if shown:
        op, html = shown[-1]
        shown[-1] = op, html.removesuffix("\n") or html
    return mark_safe("".join(_tagged(op, html) for op, html in shown))


def _inner(piece: Piece, former: Piece, *, before: str) -> str:
    if piece.op == "=":
        return marked(piece.text)
    if piece.text.isspace():
        return whitespace(piece.text, piece.op, before)
    html = all_marked(piece.text)
    replaces = piece.op == "+" and former.op == "-" and look_alike(former.text, piece.text)
    if replaces and "mark-name" not in html + all_marked(former.text):
        html += same_to_the_eye()
    return html


def _tagged(op: str, html: str) -> str:
    if op == "=":
        return html
    tag = "ins" if op == "+" else "del"
    rest = html.lstrip("\n")  # a sign is put before what came, not at the end of the line above
    return f"{html[: len(html) - len(rest)]}<{tag}>{rest}</{tag}>"


def show_text(pieces: Sequence[Piece]) -> Iterator[Block]:
    """Cut a compared text into blocks of whole lines: a change, or unchanged lines between two."""
    rows = list(_rows(pieces))
    for index, row in enumerate(rows):
        if len(row) > 1 or row[0].op != "=":
            yield _changed_block(row)
        else:
            yield from _unchanged(row[0].text, first=index == 0, last=index == len(rows) - 1)


def show_original(text: str, *differences: Sequence[Piece]) -> list[Block]:
    """Cut `text`, from which all `differences` start, into blocks: lines that one of them touches
    (`changed`), and what is between them."""
    lines = text.split("\n")
    touched = {line for pieces in differences for line in _touched(pieces)}
    blocks: list[Block] = []
    for is_touched, run in groupby(range(len(lines)), touched.__contains__):
        numbers = list(run)
        first, last = numbers[0], numbers[-1]
        if is_touched:
            blocks.append(replace(_same(lines[first : last + 1]), changed=True))
        else:
            stretch = "\n".join(lines[first : last + 1]) + "\n"
            at_end = last == len(lines) - 1
            blocks.extend(_unchanged(stretch, first=first == 0, last=at_end))
    return blocks


def _touched(pieces: Sequence[Piece]) -> Iterator[int]:
    """Yield the numbers of the old text's lines that a difference takes away, or adds to."""
    line, before = 0, "="
    for piece in pieces:
        end = line + (piece.text.count("\n") if piece.op != "+" else 0)
        if piece.op == "+" and before != "-":
            yield line
        elif piece.op == "-":
            yield from range(line, end if piece.text.endswith("\n") else end + 1)
        line, before = end, piece.op


def _rows(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Cut into rows: a run of untouched lines, or the lines around a change.

    A row with a change ends with the first line end that both sides share, or where both sides
    stand at the beginning of a line.
    """
    row: list[Piece] = []
    last = pieces[-1] if pieces else None
    for piece in pieces:
        if piece.op != "=":
            row.append(piece)
            continue
        if row and _at_line_start(row, "-") and _at_line_start(row, "+"):
            yield row
            row = []
        text = piece.text
        if row:
            end = text.find("\n") + 1
            if not end:
                row.append(piece)
                continue
            yield [*row, Piece("=", text[:end])]
            text = text[end:]
        end = len(text) if piece is last else text.rfind("\n") + 1
        if end:
            yield [Piece("=", text[:end])]
        row = [Piece("=", text[end:])] if text[end:] else []
    if row:
        yield row


def _at_line_start(row: list[Piece], op: str) -> bool:
    """Return whether one side of a row ("-" is the old one) ends with a line end, or is empty."""
    text = next((piece.text for piece in reversed(row) if piece.op in ("=", op)), "\n")
    return text.endswith("\n")


def _changed_block(row: list[Piece]) -> Block:
    shown = list(_shown(row))
    return Block(
        html=_joined(shown[:]),
        old=_joined([part for part in shown if part[0] != "+"]),
        new=_joined([part for part in shown if part[0] != "-"]),
        changed=True,
    )


def _unchanged(text: str, *, first: bool, last: bool) -> Iterator[Block]:
    lines = text.removesuffix("\n").split("\n")
    head, tail = (0 if first else CONTEXT), (0 if last else CONTEXT)
    if len(lines) <= head + tail + 1:
        yield _same(lines)
        return
    if head:
        yield _same(lines[:head])
    yield _same(lines[head : len(lines) - tail], folded=len(lines) - head - tail)
    if tail:
        yield _same(lines[-tail:])


def _same(lines: list[str], folded: int = 0) -> Block:
    html = marked("\n".join(lines))
    return Block(html, html, html, changed=False, folded=folded)
