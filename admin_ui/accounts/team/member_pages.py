"""Pages about one member that other apps add to the list of the team, for its admins."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


@dataclass(frozen=True)
class MemberPage:
    """A link beside a member who is no admin; its address takes the slug and the member's key."""

    label: "StrPromise"
    address: str
    """The name of the address."""


MEMBER_PAGES: list[MemberPage] = []
