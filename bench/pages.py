"""The visitor who measures, and a page as a row of the table."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.test import Client

from admin_ui.accounts.models import User, Workspace
from assistants.models import Assistant
from bench.bare import views
from bench.data import SLUG
from bench.report import Row, row
from bench.timing import Call, side_by_side

HERE = f"/w/{SLUG}"


@dataclass(frozen=True)
class Page:
    """A page below `HERE`, the bare view beside it, and its goals."""

    measure: str
    address: str
    plain: str
    most_ms: float | None = None
    most_ratio: float | None = None


class Visitor:
    """The signed-in owner, and a stranger who looks at the bare views."""

    def __init__(self, runs: int, requests: int) -> None:
        self.runs = runs
        self.requests = requests
        self.client = Client(headers={"host": "localhost"})
        self.owner = User.objects.get(is_owner=True)
        self.client.force_login(self.owner)
        self.bare = views.client()
        self.workspace = Workspace.objects.get(slug=SLUG)
        rows = Assistant.objects.filter(workspace=self.workspace).order_by("remote_id")
        self.long_history, self.long_text = rows[:2]

    def page(self, address: str) -> Call:
        return lambda: self.client.get(address)

    def plain(self, address: str) -> Call:
        return lambda: self.bare.get(address, headers={"host": "localhost"})

    def compare_all(self, pages: Iterable[Page]) -> Iterator[Row]:
        for page in pages:
            yield self.compare(
                page.measure,
                f"{HERE}/{page.address}",
                page.plain,
                most_ms=page.most_ms,
                most_ratio=page.most_ratio,
            )

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

    def deep_page(self, address: str, pages: int) -> str:
        """Follow the link to the next page `pages` times; returns the last address reached.

        Addresses are below `HERE`.
        """
        base = f"{HERE}/{address}"
        whole = base
        for _ in range(pages):
            response = self.client.get(whole)
            next_page = [
                link
                for link in response.content.decode().split('href="')[1:]
                if 'rel="next"' in link[:300]
            ]
            if not next_page:
                break
            query = next_page[0].split('"')[0].replace("&amp;", "&")
            whole = base + query if query.startswith("?") else query
        return whole.removeprefix(f"{HERE}/")
