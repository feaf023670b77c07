"""Editing one assistant: the editor, saving a draft, comparing versions, publishing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.http.response import HttpResponseBase

from assistants.models import Assistant, Revision
from bench import forms
from bench.pages import HERE, Page, Visitor
from bench.report import Row, row
from bench.timing import side_by_side

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Size:
    """How much text the assistant of a row holds, and the goals of its rows in milliseconds."""

    name: str
    editor: float
    draft: float | None
    publish: float


SMALL = Size("10 KB", editor=30, draft=None, publish=20)
LARGE = Size("250 KB", editor=20, draft=40, publish=80)


def sizes(visitor: Visitor) -> tuple[tuple[Size, Assistant], ...]:
    return (SMALL, visitor.long_history), (LARGE, visitor.long_text)


def editors(visitor: Visitor) -> Iterator[Row]:
    return visitor.compare_all(
        Page(
            f"editor, {size.name} and five functions",
            f"assistants/{assistant.pk}/edit/",
            f"/detail/{assistant.remote_id}/",
            most_ms=size.editor,
            most_ratio=12,
        )
        for size, assistant in sizes(visitor)
    )


def comparing(visitor: Visitor) -> Iterator[Row]:
    assistant = visitor.long_text
    found = Revision.objects.filter(assistant=assistant, number__lte=4).order_by("number")
    digests = [revision.texts["instructions"] for revision in found]
    return visitor.compare_all(
        Page(
            f"compare 250 KB, {what}",
            f"assistants/{assistant.pk}/compare/{version - 1}..{version}/",
            f"/texts/{digests[version - 2]}/{digests[version - 1]}/",
            most_ms=200,
        )
        for what, version in (("3 words", 2), ("5 %", 3), ("rewritten", 4))
    )


def drafts(visitor: Visitor) -> Iterator[Row]:
    """Save a small change of the instructions as a draft, again and again."""
    for size, assistant in sizes(visitor):
        address = f"{HERE}/assistants/{assistant.pk}/edit/"
        fill_in = editor_form(visitor, assistant, action="draft")
        yield post(
            visitor, f"draft save, {size.name}", address, fill_in, assistant, most_ms=size.draft
        )


def publishing(visitor: Visitor) -> Iterator[Row]:
    """Publish a small change of the instructions again and again."""
    for size, assistant in sizes(visitor):
        address = f"{HERE}/assistants/{assistant.pk}"
        fill_in = editor_form(visitor, assistant, action="review")

        def review(address: str = address, fill_in: Callable[[], str] = fill_in) -> str:
            answer = visitor.client.post(f"{address}/edit/", fill_in(), content_type=FORM)
            if answer.status_code != 303:
                raise RuntimeError(f"the draft was answered {answer.status_code}")
            page = visitor.client.get(f"{address}/review/").content.decode()
            return forms.filled(page, note="Measured")

        yield post(
            visitor,
            f"publish, {size.name}",
            f"{address}/review/",
            review,
            assistant,
            most_ms=size.publish,
            most_calls=2,
        )


def editor_form(visitor: Visitor, assistant: Assistant, *, action: str) -> Callable[[], str]:
    """Return what opens the editor and fills it in, with other instructions each time."""
    address = f"{HERE}/assistants/{assistant.pk}/edit/"
    fields = forms.Fields()
    fields.feed(visitor.client.get(address).content.decode())
    instructions = dict(fields.values)["instructions"]
    turn = 0

    def fill_in() -> str:
        nonlocal turn
        turn += 1
        opened = visitor.client.get(address).content.decode()
        changed = f"Turn {turn} to {action}. {instructions[:-40]}"
        return forms.filled(opened, instructions=changed, action=action)

    return fill_in


def post(
    visitor: Visitor,
    measure: str,
    address: str,
    fill_in: Callable[[], str],
    assistant: Assistant,
    *,
    most_ms: float | None,
    most_calls: int | None = None,
) -> Row:
    """Measure posting the form that `fill_in` returns; filling it in is not measured."""
    body = ""

    def ready() -> None:
        nonlocal body
        body = fill_in()

    def send() -> HttpResponseBase:
        answer = visitor.client.post(address, body, content_type=FORM)
        if answer.status_code != 303:
            raise RuntimeError(f"{measure} was answered {answer.status_code}")
        return answer

    def plain() -> HttpResponseBase:
        return visitor.bare.post(
            f"/save/{assistant.pk}/", {"description": measure}, headers={"host": "localhost"}
        )

    here, beside = side_by_side(send, plain, runs=min(visitor.runs, 20), before=ready)
    return row(measure, here, beside, most_ms=most_ms, most_calls=most_calls)
