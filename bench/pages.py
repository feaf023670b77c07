"""Pages and publishing through the test client, each beside its bare view."""

from collections.abc import Iterator

from django.http.response import HttpResponseBase
from django.test import Client

from admin_ui.accounts.models import User, Workspace
from assistants.models import Assistant, Revision
from bench import bare, forms
from bench.data import SLUG
from bench.report import Row, row
from bench.timing import Call, side_by_side

FORM = "application/x-www-form-urlencoded"
HERE = f"/w/{SLUG}"


class Visitor:
    """The signed-in owner, and a stranger who looks at the bare views."""

    def __init__(self, runs: int) -> None:
        self.runs = runs
        self.client = Client(headers={"host": "localhost"})
        self.client.force_login(User.objects.get(is_owner=True))
        self.bare = bare.client()
        self.workspace = Workspace.objects.get(slug=SLUG)
        rows = Assistant.objects.filter(workspace=self.workspace).order_by("remote_id")
        self.long_history, self.long_text = rows[:2]

    def page(self, address: str) -> Call:
        return lambda: self.client.get(address)

    def plain(self, address: str) -> Call:
        return lambda: self.bare.get(address, headers={"host": "localhost"})

    def compare(
        self,
        measure: str,
        address: str,
        plain: str,
        *,
        most_ms: float | None = None,
        most_ratio: float | None = None,
    ) -> Row:
        here, beside = side_by_side(self.page(address), self.plain(plain), runs=self.runs)
        return row(measure, here, beside, most_ms=most_ms, most_ratio=most_ratio)


def lists(visitor: Visitor) -> Iterator[Row]:
    workspace = visitor.workspace.pk
    history = visitor.long_history.pk
    old = deep_page(visitor, f"{HERE}/assistants/", pages=40)
    plain_list = f"/assistants/{workspace}/"
    goal = {"most_ms": 20.0, "most_ratio": 3.0}
    yield visitor.compare("list, first page", f"{HERE}/assistants/", plain_list, **goal)
    yield visitor.compare("list, page 40", old, plain_list, **goal)
    yield visitor.compare(
        "history, first page",
        f"{HERE}/assistants/{history}/history/",
        f"/history/{history}/",
        **goal,
    )
    yield visitor.compare(
        "history, page 40",
        deep_page(visitor, f"{HERE}/assistants/{history}/history/", pages=40),
        f"/history/{history}/",
        **goal,
    )
    yield visitor.compare("all changes", f"{HERE}/changes/", f"/changes/{workspace}/", **goal)
    yield visitor.compare("home", f"{HERE}/", f"/changes/{workspace}/", most_ms=30)


def deep_page(visitor: Visitor, address: str, pages: int) -> str:
    """Follow the link to the next page `pages` times; returns the last address reached."""
    base = address
    for _ in range(pages):
        response = visitor.client.get(address)
        next_page = [
            link
            for link in response.content.decode().split('href="')[1:]
            if 'rel="next"' in link[:300]
        ]
        if not next_page:
            break
        query = next_page[0].split('"')[0].replace("&amp;", "&")
        address = base + query if query.startswith("?") else query
    return address


def editors(visitor: Visitor) -> Iterator[Row]:
    for size, assistant in (("10 KB", visitor.long_history), ("250 KB", visitor.long_text)):
        yield visitor.compare(
            f"editor, {size} and five functions",
            f"{HERE}/assistants/{assistant.pk}/edit/",
            f"/detail/{assistant.remote_id}/",
            most_ms=30 if size == "10 KB" else None,
            most_ratio=12,
        )


def publishing(visitor: Visitor) -> Iterator[Row]:
    """Drafts and publishes a small change of the instructions again and again."""
    for size, assistant in (("10 KB", visitor.long_history), ("250 KB", visitor.long_text)):
        yield publish(visitor, size, assistant)


def publish(visitor: Visitor, size: str, assistant: Assistant) -> Row:
    address = f"{HERE}/assistants/{assistant.pk}"
    page = visitor.client.get(f"{address}/edit/").content.decode()
    fields = forms.Fields()
    fields.feed(page)
    instructions = dict(fields.values)["instructions"]
    turn = 0

    def draft() -> str:
        nonlocal turn
        turn += 1
        opened = visitor.client.get(f"{address}/edit/").content.decode()
        body = forms.filled(
            opened, instructions=f"Turn {turn}. {instructions[:-20]}", action="review"
        )
        answer = visitor.client.post(f"{address}/edit/", body, content_type=FORM)
        if answer.status_code != 303:
            raise RuntimeError(f"the draft was answered {answer.status_code}")
        review = visitor.client.get(f"{address}/review/").content.decode()
        return forms.filled(review, note=f"Turn {turn}")

    body = ""  # only the publishing itself is timed; drafting happens in between

    def ready() -> None:
        nonlocal body
        body = draft()

    def send() -> HttpResponseBase:
        return visitor.client.post(f"{address}/review/", body, content_type=FORM)

    def plain() -> HttpResponseBase:
        return visitor.bare.post(
            f"/save/{assistant.pk}/",
            {"description": f"Turn {turn}"},
            headers={"host": "localhost"},
        )

    here, beside = side_by_side(send, plain, runs=min(visitor.runs, 20), before=ready)
    return row(
        f"publish, {size}",
        here,
        beside,
        most_ms=25 if size == "10 KB" else None,
        most_calls=2,
    )


def comparing(visitor: Visitor) -> Iterator[Row]:
    assistant = visitor.long_text
    digests = [
        revision.texts["instructions"]
        for revision in Revision.objects.filter(assistant=assistant, number__lte=4).order_by(
            "number"
        )
    ]
    for what, version in (("3 words", 2), ("5 %", 3), ("rewritten", 4)):
        yield visitor.compare(
            f"compare 250 KB, {what}",
            f"{HERE}/assistants/{assistant.pk}/compare/{version - 1}..{version}/",
            f"/texts/{digests[version - 2]}/{digests[version - 1]}/",
            most_ms=500,
        )
