"""The inbox with fifty thousand notices."""

from collections.abc import Iterator

from admin_ui.notices.models import Notice
from bench.notices import NOTICES, RARE
from bench.pages import Visitor
from bench.report import Row

INBOX = "/account/notices/"


def inbox(visitor: Visitor) -> Iterator[Row]:
    middle = Notice.objects.order_by("pk").values_list("pk", flat=True)[NOTICES // 2]
    for measure, query in (
        ("first page", "?show=all"),
        ("a page in the middle", f"?show=all&after={middle}"),
        ("unread", ""),
        ("unread, a rare kind", f"?kind={RARE.value}"),
    ):
        yield visitor.compare(
            f"inbox of {NOTICES:,}, {measure}",
            f"{INBOX}{query}",
            f"/notices/{visitor.owner.pk}/",
            most_ms=20,
            most_ratio=3,
        )
