"""A compared text, prepared for a page: marked words, lines in blocks, folded stretches."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from assistants.definition import look_alike
from assistants.diff import Piece
from assistants.wording.marks import all_marked, marked, same_to_the_eye, whitespace
from assistants.wording.texts.hunks import Outline, RowPlace, find_moves, places

CONTEXT = 2
"""Unchanged lines shown around a change; longer stretches fold."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some lines of a compared text: either all unchanged (`folded` when many), or a change.

    `html` marks both sides in one text; `old` and `new` are the sides by themselves. A page shows
    the one or the others, so each is made when it is asked for.
    """

    parts: tuple[tuple[str, str], ...]
    """The sign and the HTML of each piece."""
    changed: bool
    folded: int = 0
    """How many lines are folded away; 0 when they are shown. Without `parts` they are left out."""
    before: int = 0
    """The number of its first line in the old text; 0 if it has none there."""
    after: int = 0
    heading: str = ""
    """The heading above a change, unless it is in sight or was above the change before; that above
    folded lines in any case."""
    sections: tuple[str, ...] = ()
    """The headings that a change is below."""
    moved: tuple[str, ...] = ()
    """Where a change came from or went to, if it only moved."""

    @property
    def html(self) -> SafeString:
        return _joined(self.parts)

    @property
    def lines(self) -> SafeString:
        """Its lines with their numbers, each an element; for lines that stayed."""
        numbered = (
            f'<span class="line" data-old="{self.before + at:,}" data-new="{self.after + at:,}">'
            f"{line}</span>"
            for at, line in enumerate(self.html.split("\n"))
        )
        return mark_safe("".join(numbered))

    @property
    def numbers(self) -> SafeString:
        """The attributes that hold the numbers of its first line."""
        old, new = (f"{number:,}" if number else "" for number in (self.before, self.after))
        return mark_safe(f'data-old="{old}" data-new="{new}"')

    @property
    def head(self) -> SafeString:
        """The heading above a change, and where it moved from or to; "" for neither."""
        chips = "".join(f'<span class="chip">{escape(text)}</span>' for text in self.moved)
        if not (self.heading or chips):
            return SafeString("")
        title = f"<bdi>{marked(self.heading)}</bdi>" if self.heading else ""
        return mark_safe(f'<p class="hunk">{title}{chips}</p>')

    @property
    def old(self) -> SafeString:
        return _joined([part for part in self.parts if part[0] != "+"])

    @property
    def new(self) -> SafeString:
        return _joined([part for part in self.parts if part[0] != "-"])


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


def _joined(shown: Sequence[tuple[str, str]]) -> SafeString:
    """The last line end is left out, since a block ends there anyway."""
    if not shown:
        return SafeString("")
    *parts, (op, html) = shown
    parts.append((op, html.removesuffix("\n") or html))
    return mark_safe("".join(_tagged(op, html) for op, html in parts))


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


def show_text(pieces: Sequence[Piece], *, most_folded: int = sys.maxsize) -> Iterator[Block]:
    """Cut a compared text into blocks of whole lines: a change, or unchanged lines between two.

    Folded lines of more than `most_folded` characters in all are left out, and only counted.
    """
    rows = list(_rows(pieces))
    found = list(places(rows))
    moves, heading = find_moves(rows, found), ""
    old, new = (Outline(_side(pieces, other)) for other in "+-")
    for index, (row, place) in enumerate(zip(rows, found, strict=True)):
        if len(row) == 1 and row[0].op == "=":
            first, last = index == 0, index == len(rows) - 1
            for block in _numbered(
                _unchanged(row[0].text, first=first, last=last, most_folded=most_folded), place
            ):
                most_folded -= sum(len(html) for _op, html in block.parts) if block.folded else 0
                yield replace(block, heading=new.above(block.after)[0]) if block.folded else block
            continue
        outline, lines = (new, place.new) if place.new.count else (old, place.old)
        above, at = outline.above(lines.first)
        is_new = above != heading and at + CONTEXT < lines.first
        yield Block(
            tuple(_shown(row)),
            changed=True,
            before=place.old.first if place.old.count else 0,
            after=place.new.first if place.new.count else 0,
            heading=above if is_new else "",
            sections=tuple(outline.within(lines)),
            moved=tuple(moves[index, op] for op in "-+" if (index, op) in moves),
        )
        heading = above


def _side(pieces: Sequence[Piece], other: str) -> str:
    return "".join(piece.text for piece in pieces if piece.op != other)


def _numbered(blocks: Iterable[Block], place: RowPlace) -> Iterator[Block]:
    """Give unchanged lines their numbers: each shown one, and the first of what is folded."""
    at = 0
    for block in blocks:
        before, after = place.old.first + at, place.new.first + at
        at += block.folded or block.parts[0][1].count("\n") + 1
        yield replace(block, before=before, after=after)


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


def _unchanged(
    text: str, *, first: bool, last: bool, most_folded: int = sys.maxsize
) -> Iterator[Block]:
    lines = text.removesuffix("\n").split("\n")
    head, tail = (0 if first else CONTEXT), (0 if last else CONTEXT)
    if len(lines) <= head + tail + 1:
        yield _same(lines)
        return
    if head:
        yield _same(lines[:head])
    hidden = lines[head : len(lines) - tail]
    is_left_out = sum(map(len, hidden)) > most_folded
    yield Block((), False, len(hidden)) if is_left_out else _same(hidden, folded=len(hidden))
    if tail:
        yield _same(lines[-tail:])


def _same(lines: list[str], folded: int = 0) -> Block:
    return Block((("=", marked("\n".join(lines))),), changed=False, folded=folded)
