"""Characters that nobody sees, shown by name: as marks in a page, in brackets in a sentence."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from django.template import Library
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from admin_ui.display.isolation import isolated
from assistants.definition import TAG, CharacterMark, find_marks, is_space, look_alike, mixed_words

register = Library()

MOST_MARKS_IN_TEXT = 1000
"""Marks in one text; of those beyond it, a page says only that they are there."""
_REST = "◦"
_AROUND = "\U0001fffe\U0001ffff"
"""Around a name until a sentence is done. Noncharacters: they mean nothing in anybody's text."""
_NEVER = dict.fromkeys(map(ord, _AROUND), "\ufffd")
_NOTED = 4
"""Kinds of characters that a notice beside a field names."""


def mark_name(name: str, count: int = 1, spells: str = "") -> str:
    """Return what `count` characters are called that the table calls `name`, in English."""
    if name == TAG:
        text = ngettext("%d tag character", "%d tag characters", count) % count
    else:
        text = _(name) if count == 1 else f"{count:,} × {_(name)}"
    return _("%(marks)s: “%(spelled)s”") % {"marks": text, "spelled": spells} if spells else text


def label(text: str) -> SafeString:
    """Return the HTML of a mark that says `text`; copying from the page leaves it out."""
    return format_html(
        '<span class="mark-name"><span class="visually-hidden">{} </span>{}</span>',
        _("character:"),
        text,
    )


@register.filter
def marked(text: Any) -> SafeString:
    """Return a text that did not change as HTML: what belongs where it stands, such as the joiner
    in an emoji or a no-break space, is left in peace, other unseen characters are named."""
    return text if isinstance(text, SafeString) else _html(str(text), every=False)


@register.filter
def all_marked(text: Any) -> SafeString:
    """Return a text that came or went as HTML: every character that nobody sees is named."""
    return text if isinstance(text, SafeString) else _html(str(text), every=True)


def _html(text: str, *, every: bool) -> SafeString:
    if text.isascii() and text.isprintable():  # most pieces of a difference
        return escape(text)
    found = _marks(text, every=every)
    parts: list[str] = []
    waiting: list[CharacterMark] = []
    done = due = 0
    for mark in islice(found, MOST_MARKS_IN_TEXT):
        if waiting and mark.start >= due:
            parts += [_seen(text[done:due]), *_shown(waiting)]
            done, waiting = due, []
        if mark.usual and not is_space(mark.name):
            # Inside an emoji or a word, where a mark would tear apart what belongs together.
            waiting.append(mark)
            due = _end_of_word(text, mark.end)
            continue
        parts += [_seen(text[done : mark.start]), *_shown(waiting)]
        parts.append(_mark_html(mark, text[mark.start : mark.end]))
        done, waiting = mark.end, []
    if waiting:
        parts += [_seen(text[done:due]), *_shown(waiting)]
        done = due
    if next(found, None) is not None:
        more = _("many more invisible characters, shown as %(sign)s") % {"sign": _REST}
        parts.append(_span(label(more)))
        return mark_safe("".join([*parts, escape(named(text[done:], sign=_REST))]))
    return mark_safe("".join([*parts, _seen(text[done:])]))


def _marks(text: str, *, every: bool) -> Iterator[CharacterMark]:
    return (mark for mark in find_marks(text) if every or not mark.usual)


def _end_of_word(text: str, start: int) -> int:
    return next((at for at in range(start, len(text)) if text[at] in " \n\t.,;:!?()"), len(text))


def _shown(waiting: list[CharacterMark]) -> Iterator[str]:
    """The marks behind a word or a picture, one for all that are of a kind."""
    for name, count in Counter(mark.name for mark in waiting).items():
        yield _span(label(mark_name(name, count)))


def _mark_html(mark: CharacterMark, characters: str) -> SafeString:
    """The name, and the characters themselves, which a copy of the page takes along."""
    said = label(mark_name(mark.name, mark.count, mark.spells))
    return _span(format_html("{}{}", said, characters), f"U+{mark.code:04X}")


def _span(inner: SafeString, title: str = "") -> SafeString:
    if not title:
        return format_html('<span class="mark">{}</span>', inner)
    return format_html('<span class="mark" title="{}">{}</span>', title, inner)


def _seen(text: str) -> str:
    """The HTML of a text in which all can be seen; words of look-alike letters are pointed out."""
    parts: list[str] = []
    done = 0
    for start, end, scripts in islice(mixed_words(text), MOST_MARKS_IN_TEXT):
        parts.append(escape(text[done:start]))
        word = format_html('<span class="mixed">{}</span>', text[start:end])
        parts.append(word + _span(label(_mixes(scripts))))
        done = end
    return "".join([*parts, escape(text[done:])])


def _mixes(scripts: tuple[str, ...]) -> str:
    first, *rest = (_(name) for name in scripts)
    return _("mixes %(first)s and %(others)s letters") % {
        "first": first,
        "others": ", ".join(rest),
    }


def same_to_the_eye() -> SafeString:
    """Return the mark behind a text that looks like the one it replaces."""
    return _span(label(_("looks the same but uses different characters")))


def named(text: str, *, every: bool = False, sign: str = "", around: str = "[]") -> str:
    """Return a text for a sentence: unseen characters are named in brackets, or become `sign`."""
    parts, done = [], 0
    for mark in _marks(text, every=every):
        name = sign or mark_name(mark.name, mark.count, mark.spells).join(around)
        parts += [text[done : mark.start], name]
        done = mark.end
    return "".join([*parts, text[done:]])


def quoted(text: Any, *, every: bool = False) -> str:
    """Return people's text for use in a sentence: unseen characters named, direction its own."""
    return isolated(named(str(text), every=every))


def noted(text: Any, *, every: bool = False) -> str:
    """Return people's text as `quoted` does, for a sentence that `as_html` finishes."""
    fit = str(text).translate(_NEVER)
    return isolated(named(fit, every=every, around=_AROUND))


def as_html(sentence: str) -> SafeString:
    """Return a sentence as HTML, with what is `noted` in it as marks."""
    if _AROUND[0] not in sentence:
        return escape(sentence)
    first, *rest = sentence.split(_AROUND[0])
    parts: list[str] = [escape(first)]
    for piece in rest:
        name, _end, text = piece.partition(_AROUND[1])
        parts += [_span(label(name)), escape(text)]
    return mark_safe("".join(parts))


def both(old: str, new: str) -> tuple[str, str]:
    """Return the two sides of "old → new", each `noted`: apart for the eye even where they look
    the same."""
    every = look_alike(old, new)
    return noted(old, every=every), noted(new, every=every)


def came_and_went(entry: Mapping[str, Any]) -> list[str]:
    """Return which unseen characters an entry of `diff.summarise` names, each as a few words."""
    found = []
    for name, by in entry.get("marks", {}).items():
        text = _("%(mark)s added") if by > 0 else _("%(mark)s removed")
        found.append(text % {"mark": mark_name(name, abs(by))})
    if more := entry.get("more_marks", 0):
        text = ngettext(
            "%d more kind of invisible character", "%d more kinds of invisible characters", more
        )
        found.append(text % more)
    spelled = _("spelling “%(text)s”")
    at = 1 if TAG in entry.get("marks", {}) else len(found)
    found[at:at] = [spelled % {"text": isolated(text)} for text in entry.get("spelled", ())]
    mixed = _("look-alike letters in “%(word)s”")
    found += [mixed % {"word": isolated(word)} for word in entry.get("mixed", ())]
    if alike := entry.get("alike", 0):
        text = ngettext(
            "%d change looks the same but uses different characters",
            "%d changes look the same but use different characters",
            alike,
        )
        found.append(text % alike)
    return found


def notices(text: str) -> list[str]:
    """Return what somebody who writes this text should know: each a sentence or two."""
    counts: dict[str, int] = {}
    found: list[str] = []
    first = 0
    for mark in islice(find_marks(text), 5 * MOST_MARKS_IN_TEXT):
        if mark.usual and not _is_between_letters(text, mark):
            continue
        if mark.spells:
            spelled = mark_name(mark.name, mark.count, mark.spells)
            found.append(_("Invisible, but the model may read it: %(marks)s.") % {"marks": spelled})
            continue
        first = first or text.count("\n", 0, mark.start) + 1
        counts[mark.name] = counts.get(mark.name, 0) + mark.count
    if counts:
        found.insert(0, _unseen(counts, first if "\n" in text else 0))
    mixed = islice(mixed_words(text), MOST_MARKS_IN_TEXT)
    if words := dict.fromkeys(text[start:end] for start, end, _scripts in mixed):
        told = ", ".join(isolated(word) for word in islice(words, _NOTED))
        found.append(
            _("These words mix look-alike letters of different scripts: %(words)s.")
            % {"words": told}
        )
    return found[:_NOTED]


def _is_between_letters(text: str, mark: CharacterMark) -> bool:
    """Whether it looks like the space between two words, as in what was pasted from elsewhere."""
    around = text[mark.start - 1 : mark.start], text[mark.end : mark.end + 1]
    return is_space(mark.name) and all(map(str.isalpha, around))


def _unseen(counts: Mapping[str, int], line: int) -> str:
    names: Iterable[str] = (mark_name(name, counts[name]) for name in islice(counts, _NOTED))
    told = ", ".join(names)
    if len(counts) > _NOTED:
        told = _("%(names)s and others") % {"names": told}
    if line:
        text = _("This text contains invisible characters, the first in line %(line)s: %(marks)s.")
    else:
        text = _("This text contains invisible characters: %(marks)s.")
    return text % {"line": f"{line:,}", "marks": told}


def whitespace(text: str, op: str, before: str) -> SafeString:
    """Return a change of nothing but space as marks: "blank line added", "2 spaces".

    `before` is what stands before it on its side, to tell a blank line from a line break.
    """
    parts: list[str] = []
    for character, length in _stretches(text):
        if character == "\n":
            ends_a_line = bool(before) and not before.endswith("\n")
            if ends_a_line:
                parts.append(_span(label(_line_break(op))) + "\n")
            if blank := length - ends_a_line:
                parts.append(_span(label(blank_lines(op, blank))) + "\n" * blank)
        elif character in " \t":
            parts.append(
                _span(format_html("{}{}", label(_plain(character, length)), character * length))
            )
        else:
            parts.append(all_marked(character * length))
        before = character
    return mark_safe("".join(parts))


def _stretches(text: str) -> Iterator[tuple[str, int]]:
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or text[at] != text[start]:
            yield text[start], at - start
            start = at


def _line_break(op: str) -> str:
    return _("line break added") if op == "+" else _("line break removed")


def blank_lines(op: str, count: int) -> str:
    """Return how many blank lines came ("+") or went ("-")."""
    if op == "+":
        text = ngettext("blank line added", "%d blank lines added", count)
    else:
        text = ngettext("blank line removed", "%d blank lines removed", count)
    return text % count if count != 1 else text


def _plain(character: str, count: int) -> str:
    if character == "\t":
        return _("tab") if count == 1 else ngettext("%d tab", "%d tabs", count) % count
    return _("space") if count == 1 else ngettext("%d space", "%d spaces", count) % count
