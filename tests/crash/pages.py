"""What a page answers when the database goes away at a step of what it does."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client

from tests.crash.cuts import Cut
from tests.crash.paths import Case, Place, edited, live, to_recreate
from tests.crash.runs import Run, begun_before, judged
from tests.crash.steps import Steps, watched


@dataclass(frozen=True)
class Page:
    """A page that changes an assistant when it is posted to."""

    name: str
    prepare: Callable[[Place], Case]


PAGES = (Page("review", edited), Page("delete", live), Page("recreate", to_recreate))


def prepared(page: Page, place: Place) -> tuple[Case, Callable[[], HttpResponseBase]]:
    """Return a case, and a way to post its page as the author's browser does."""
    place.clear()
    case = page.prepare(place)
    if page.name == "delete":
        case.wanted = None
    client = Client(raise_request_exception=False, SERVER_NAME="localhost")
    client.force_login(place.author.user)
    slug = place.author.workspace.slug
    address = f"/w/{slug}/assistants/{case.assistant.pk}/{page.name}/"
    return case, lambda: client.post(address, {"note": "Because."})


def number_of_steps(page: Page, place: Place, cut: Cut) -> int:
    _, post = prepared(page, place)
    with watched(Steps(only=cut.only)) as steps:
        assert post().status_code == 303
    return len(steps.names)


def cut_at(page: Page, place: Place, cut: Cut, step: int) -> Run:
    """Post with a cut at this step. The page must say so in plain words, and nothing be lost."""
    case, post = prepared(page, place)
    before = begun_before(case)
    steps = Steps(at=step, act=cut.act, lasting=cut.lasting, only=cut.only)
    with watched(steps):
        answer = post()
    connection.close()
    run = judged(case, before, Run(steps.names[step - 1] if len(steps.names) >= step else ""))
    plain = answer.status_code == 503 and b"database is busy" in getattr(answer, "content", b"")
    if not (plain or answer.status_code in (302, 303, 404, 409, 502)):
        run.problems.append(f"the page answered {answer.status_code}")
    return run


def every_cut(page: Page, place: Place, cut: Cut) -> Iterator[Run]:
    step = 0
    while True:
        step += 1
        run = cut_at(page, place, cut, step)
        yield run
        if not run.step:
            return
