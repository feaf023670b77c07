"""The list of change requests, and one that is long and much discussed."""

from collections.abc import Iterator

from assistants.models import ChangeRequest
from bench.change_requests import COMMENTS, REQUESTS
from bench.pages import Page, Visitor
from bench.report import Row
from bench.rows.lists import DEEP


def change_requests(visitor: Visitor) -> Iterator[Row]:
    return visitor.compare_all(pages(visitor))


def pages(visitor: Visitor) -> Iterator[Page]:
    bare = f"/requests/{visitor.workspace.pk}/"
    for which, query in (("open", ""), ("all", "?show=all"), ("waiting", "?show=waiting")):
        measure = f"change requests, {REQUESTS:,}: {which}"
        yield Page(measure, f"requests/{query}", bare, most_ms=20, most_ratio=3)
    deep = visitor.deep_page("requests/?show=all", pages=DEEP)
    yield Page(f"change requests, page {DEEP}", deep, bare, most_ms=20, most_ratio=3)
    newest = ChangeRequest.objects.filter(workspace=visitor.workspace).latest("number")
    long = f"a change request of 250 KB with {COMMENTS} comments"
    yield Page(long, f"requests/{newest.number}/", bare, most_ms=500)
