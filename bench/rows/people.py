"""The team with thousands of members, and the audit log with a million events."""

from collections.abc import Iterator

from bench.pages import Page, Visitor
from bench.people import EVENTS, KINDS, MEMBERS
from bench.report import Row
from bench.rows.lists import DEEP


def people(visitor: Visitor) -> Iterator[Row]:
    return visitor.compare_all(pages(visitor))


def pages(visitor: Visitor) -> Iterator[Page]:
    members, events = f"/members/{visitor.workspace.pk}/", f"/events/{visitor.workspace.pk}/"
    for measure, address in (
        (f"team of {MEMBERS:,}, first page", "team/"),
        (f"team of {MEMBERS:,}, page {DEEP}", visitor.deep_page("team/", pages=DEEP)),
        (f"team of {MEMBERS:,}, one found", f"team/?q=person{MEMBERS - 1:05}"),
    ):
        yield Page(measure, address, members, most_ms=20, most_ratio=3)
    for measure, address in (
        (f"audit log of {EVENTS:,}, first page", "audit/"),
        (f"audit log of {EVENTS:,}, page {DEEP}", visitor.deep_page("audit/", pages=DEEP)),
        (f"audit log of {EVENTS:,}, one kind", f"audit/?kind={KINDS[-1].value}"),
        (f"audit log of {EVENTS:,}, a text that is not there", "audit/?q=nobody-has-this"),
    ):
        yield Page(measure, address, events, most_ms=20, most_ratio=3)
