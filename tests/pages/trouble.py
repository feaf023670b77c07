"""An assistant in each kind of trouble, and the pages that tell of it."""

import re
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.utils import timezone

from assistants.models import Assistant, Revision
from tests.conftest import Cast
from tests.pages.past import change


def address(assistant: Assistant, page: str = "history/") -> str:
    return f"/w/main/assistants/{assistant.pk}/{page}"


def text_of(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return str(response.content.decode())


def page(cast: Cast, who: str, assistant: Assistant, path: str = "history/") -> str:
    """Return a page, or the one that it leads to, without what stands in its shell."""
    text = text_of(cast.client(who).get(address(assistant, path), follow=True))
    return text[text.index("<main") :]


def checked(cast: Cast, assistant: Assistant, before: str, who: str = "viewer") -> str:
    """Return what the check says that a page, as it was `before`, asks for behind itself."""
    asked = re.search(r'hx-get="([^"]*/check/[^"]*)"', before)
    assert asked
    return text_of(cast.client(who).get(asked[1].replace("&amp;", "&")))


def unlooked(assistant: Assistant) -> None:
    """Let the next page ask the gateway."""
    Assistant.objects.filter(pk=assistant.pk).update(checked_at=None)
    cache.clear()


def asked_by(cast: Cast, assistant: Assistant, before: str, who: str = "editor") -> str:
    """Return what the editor, as it was `before`, is told when the check makes it ask."""
    base = before.split('name="base" value="')[1].split('"', maxsplit=1)[0]
    fields = {"base": base, "tab": f"{getattr(cast, who).user.pk}-a"}
    return text_of(cast.client(who).post(address(assistant, "here/"), fields))


def put_in(state: str, cast: Cast, assistant: Assistant) -> None:
    """Bring an assistant that is on no gateway into a state that needs an eye."""
    by = cast.publisher.user
    if state == "outside":
        change(assistant, kind=Revision.Kind.OUTSIDE, temperature=1)
    elif state == "differs":
        change(assistant, by=by, temperature=1, stored={"temperature": 0.1})
    elif state == "late":
        change(assistant, by=by, status="pending", temperature=1)
        pending = Revision.objects.latest("pk")
        past = timezone.now() - timedelta(minutes=1)
        Assistant.objects.filter(pk=assistant.pk).update(slot=pending, slot_until=past)
    else:
        change(assistant, by=by, status=state, temperature=1)
