"""The pages of a discussion: who sees and does what, and that nothing typed is lost."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from assistants.diff.following.anchors import LineRange
from assistants.models import Assistant, ChangeRequest, Thread, ThreadStep
from assistants.selectors.talk.discussion import THREADS_A_PAGE
from assistants.services.change_requests.talking import begin_thread, reply, resolve_thread
from tests.conftest import Cast
from tests.discussion.conftest import TEXT, Suggest, draft_text, send_round

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = "/w/main/requests/1/"
LINES = {"field": "instructions", "first": "2", "last": "3"}


def html(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def post(client: Client, path: str, **fields: Any) -> HttpResponse:
    return client.post(f"{ROOT}{path}", fields)


def threads(client: Client, query: str = "") -> str:
    return html(client.get(f"{ROOT}discussion/{query}"))


@pytest.mark.parametrize("who", ["viewer", "editor", "publisher", "admin"])
def test_every_member_comments_replies_and_reads(
    cast: Cast, request_of_emil: ChangeRequest, who: str
) -> None:
    client = cast.client(who)
    assert "Nobody has commented yet" in threads(client)
    done = post(client, "comment/", note="Is **this** right,\r\n@Pia?", do="send")
    thread = Thread.objects.get()
    assert (done.status_code, done["Location"]) == (
        303,
        f"{ROOT}?thread={thread.pk}#thread-{thread.pk}",
    )
    assert thread.steps.get().text == "Is **this** right,\n@Pia?"
    shown = threads(client)
    assert "<strong>this</strong> right,\n<b>@Pia</b>?" in shown
    assert "1 unresolved" in shown
    assert "Mentions" not in shown
    post(client, "comment/", note="See above", do="send", mention=cast.admin.user.pk)
    assert "Mentions <bdi>" in threads(client)
    assert post(client, f"threads/{thread.pk}/", note="Yes.", do="reply").status_code == 303
    assert "Yes." in html(client.get(f"{ROOT}threads/{thread.pk}/"))


def test_the_page_shows_the_thread_that_the_address_names(
    cast: Cast, assistant: Assistant, request_of_emil: ChangeRequest
) -> None:
    """Also beyond the first page, resolved, beside a field, or about lines that are gone."""
    client, of = cast.client("viewer"), request_of_emil.rounds.get()

    def begun(text: str, **about: Any) -> Thread:
        step = begin_thread(author=cast.viewer, request=request_of_emil, of=of, text=text, **about)
        return step.thread

    about_lines = {"field": "instructions", "lines": LineRange(2, 2)}
    for number in range(THREADS_A_PAGE):
        begun(f"Question {number}")
    last, lined, resolved = begun("Last"), begun("Lines", **about_lines), begun("Resolved")
    resolve_thread(author=cast.viewer, thread=resolved)
    for thread in (last, lined, resolved):
        marker = f'id="thread-{thread.pk}"'
        assert marker not in html(client.get(ROOT))
        answer = post(client, f"threads/{thread.pk}/", note=f"More {thread.pk}", do="reply")
        path = answer["Location"].partition("#")[0]
        assert html(client.get(path)).count(marker) == 1
    send_round(cast.editor, assistant, "Nothing of that.")
    shown = html(client.get(f"{ROOT}?thread={lined.pk}"))
    assert f'id="thread-{lined.pk}"' in shown.partition('<details class="outdated" open>')[2]
    for other in ("0", "x", "9" * 18, str(lined.pk + 1000)):
        assert html(client.get(f"{ROOT}?thread={other}")).count('<article class="card thread') == 25


def test_others_find_nothing(cast: Cast, request_of_emil: ChangeRequest) -> None:
    post(cast.client("viewer"), "comment/", note="x", do="send")
    thread = Thread.objects.get()
    paths = ("discussion/", "comment/", "lines/", f"threads/{thread.pk}/")
    for path in paths:
        assert cast.client("stranger").get(f"{ROOT}{path}").status_code == 404
        assert cast.client("anonymous").get(f"{ROOT}{path}").status_code == 302
        elsewhere = f"{ROOT}{path}".replace("/main/", "/elsewhere/")
        assert cast.client("stranger").get(elsewhere).status_code == 404
    admin = cast.client("admin")
    for path in ("threads/999/", "../2/comment/", "comment/?round=7"):
        assert admin.get(f"{ROOT}{path}").status_code == 404
    for fields in ({"do": "withdraw"}, {"do": "accept"}, {"do": "accept", "step": "999"}):
        assert post(admin, f"threads/{thread.pk}/", **fields).status_code == 404


def test_lines_are_chosen_one_after_the_other(cast: Cast, request_of_emil: ChangeRequest) -> None:
    client = cast.client("viewer")
    first = html(client.get(f"{ROOT}lines/"))
    assert "Refund every order within thirty days." in first
    assert "?line=1&amp;from=2#L2" in first
    then = html(client.get(f"{ROOT}lines/?line=1&from=2"))
    address = f"{ROOT}comment/?field=instructions&amp;first=2&amp;last=3"
    assert address in then
    form = html(client.get(address.replace("&amp;", "&")))
    assert "Ask for the number of the order first." in form
    assert "Answer in the language" not in form


def test_a_suggestion_is_typed_beside_a_comment(
    cast: Cast, assistant: Assistant, request_of_emil: ChangeRequest
) -> None:
    """Every button keeps what is typed, and lines that were not touched follow the numbers."""
    client = cast.client("viewer")
    form = html(post(client, "comment/", **LINES, note="Too long", do="suggest"))
    assert "Too long</textarea>" in form
    two = "\n".join(TEXT.split("\n")[1:3])
    assert f">{two}</textarea>" in form
    more = {**LINES, "suggest": "1", "shown": "2-3", "note": "Too long", "do": "show"}
    more["last"] = "2"
    one = TEXT.split("\n")[1]
    assert f">{one}</textarea>" in html(post(client, "comment/", **more, replacement=two))
    assert ">Ten days.</textarea>" in html(
        post(client, "comment/", **more, replacement="Ten days.")
    )
    assert not Thread.objects.exists()
    more |= {"do": "send", "replacement": "Refund within\r\nten days.", "last": "3"}
    assert post(client, "comment/", **more).status_code == 303
    step = ThreadStep.objects.get()
    assert (step.kind, step.replacement, step.text) == (
        "suggested",
        "Refund within\nten days.",
        "Too long",
    )
    shown = threads(cast.client("editor"))
    assert "Accept into my draft" in shown
    assert "Accept the suggestion" in shown
    for who in ("viewer", "admin"):
        assert "Accept into my draft" not in threads(cast.client(who))
    act = {"do": "accept", "step": step.pk}
    for who in ("viewer", "publisher", "admin"):
        refused = post(cast.client(who), f"threads/{step.thread_id}/", **act)
        assert refused.status_code == 403
    assert post(cast.client("editor"), f"threads/{step.thread_id}/", **act).status_code == 303
    assert draft_text(cast, assistant).split("\n")[1:3] == ["Refund within", "ten days."]
    assert "accepted this suggestion" in threads(client, "?resolved=1")


def test_what_is_refused_is_shown_again(cast: Cast, request_of_emil: ChangeRequest) -> None:
    client = cast.client("viewer")
    long = "x" * 5_001
    answer = post(client, "comment/", note=long, do="send", mention=cast.admin.user.pk)
    assert answer.status_code == 422
    assert long in answer.content.decode()
    assert f'value="{cast.admin.user.pk}"\n                 checked>' in answer.content.decode()
    thread = begin_thread(
        author=cast.viewer, request=request_of_emil, of=request_of_emil.rounds.get(), text="x"
    ).thread
    answer = post(client, f"threads/{thread.pk}/", note=long, do="reply")
    assert answer.status_code == 422
    assert long in answer.content.decode()
    assert post(client, f"threads/{thread.pk}/", note=" ", do="reply").status_code == 422


def test_a_comment_survives_the_end_of_the_session(
    cast: Cast, request_of_emil: ChangeRequest
) -> None:
    cast.viewer.user.set_password("a-long-passphrase")
    cast.viewer.user.save()
    login = {"login": cast.viewer.user.email, "password": "a-long-passphrase"}
    client = Client()
    client.post("/accounts/login/", login)
    about = f"{cast.viewer.user.pk}-request 1"
    assert f'name="about" value="{about}"' in html(client.get(f"{ROOT}comment/"))
    client.cookies.pop("sessionid")
    typed = {**LINES, "note": "Typed for long", "about": about, "do": "send"}
    post(client, "comment/", **typed)
    assert not Thread.objects.exists()
    client.post("/accounts/login/", login)
    again = html(client.get(f"{ROOT}comment/"))
    assert "Typed for long" in again
    assert "Ask for the number of the order first." in again
    post(client, "comment/", **typed)
    assert Thread.objects.count() == 1
    assert "Typed for long" not in html(client.get(f"{ROOT}comment/"))


def test_all_suggestions_at_once(
    cast: Cast, assistant: Assistant, request_of_emil: ChangeRequest, suggest: Suggest
) -> None:
    suggest(2, 2, "Refund within ten days.")
    suggest(2, 3, "Refund at once.")
    for who, status in (("viewer", 403), ("admin", 403), ("stranger", 404), ("editor", 303)):
        assert post(cast.client(who), "suggestions/accept/").status_code == status
    assert draft_text(cast, assistant).split("\n")[1] == "Refund within ten days."
    editor = cast.client("editor")
    post(editor, "suggestions/accept/")
    assert "1 was left, because its lines have changed." in threads(editor)


def test_outdated_threads_keep_the_text_that_they_were_about(
    cast: Cast, request_of_emil: ChangeRequest
) -> None:
    for lines in (LineRange(2, 2), LineRange(6, 6)):
        begin_thread(
            author=cast.viewer,
            request=request_of_emil,
            of=request_of_emil.rounds.get(),
            field="instructions",
            lines=lines,
            text=f"About line {lines}",
        )
    send_round(cast.editor, request_of_emil.assistant, "First.\n" + TEXT.replace("thirty", "ten"))
    shown = threads(cast.client("viewer"))
    current, _summary, outdated = shown.partition("1 outdated thread")
    assert "Instructions, line 7" in current
    assert "About line 6" in current
    assert "thirty days" not in current
    assert "Refund every order within thirty days." in outdated
    assert "About line 2" in outdated
    assert "of round 1" in outdated
    lines = html(cast.client("viewer").get(f"{ROOT}lines/"))
    assert "About line 6" in lines
    assert "About line 2" not in lines


def test_text_is_never_markup(cast: Cast, request_of_emil: ChangeRequest, suggest: Suggest) -> None:
    evil = '<script>alert(1)</script><b onclick="x">@Pia</b> [x](javascript:alert) ![i](/logout)'
    begin_thread(
        author=cast.viewer, request=request_of_emil, of=request_of_emil.rounds.get(), text=evil
    )
    suggest(2, 2, "<script>alert(2)</script>")
    shown = threads(cast.client("editor"))
    assert "<script>alert" not in shown
    assert "&lt;script&gt;" in shown
    assert "javascript:alert)" in shown
    assert 'href="javascript' not in shown
    assert "&lt;b onclick" in shown
    assert "<b>@Pia</b>" in shown


def test_withdrawn_comments_are_not_shown(cast: Cast, request_of_emil: ChangeRequest) -> None:
    client = cast.client("viewer")
    post(client, "comment/", note="Too quick", do="send")
    step = ThreadStep.objects.get()
    path, act = f"threads/{step.thread_id}/", {"do": "withdraw", "step": step.pk}
    assert "Withdraw the comment" in threads(client)
    assert "Withdraw the comment" not in threads(cast.client("admin"))
    assert post(cast.client("admin"), path, **act).status_code == 403
    assert post(client, path, **act).status_code == 303
    shown = threads(client)
    assert "withdrew this comment" in shown
    assert "Too quick" not in shown
    assert post(client, path, **act).status_code == 303, "sent twice"
    assert ThreadStep.objects.filter(kind="withdrawn").count() == 1


@pytest.mark.slow
def test_the_queries_do_not_grow(
    cast: Cast,
    request_of_emil: ChangeRequest,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    """With 500 comments in 100 threads of three rounds, on 250,000 characters."""
    long = "\n".join(f"Line {number} of rather long instructions" for number in range(6_000))
    for number in range(3):
        send_round(cast.editor, request_of_emil.assistant, f"Round {number}\n{long}")
    rounds = list(request_of_emil.rounds.order_by("number"))
    for number in range(100):
        of = rounds[1 + number % 3]
        step = begin_thread(
            author=cast.viewer,
            request=request_of_emil,
            of=of,
            field="instructions",
            lines=LineRange(10 + number * 40, 12 + number * 40),
            text="Why?",
        )
        for _ in range(4):
            reply(author=cast.admin, thread=step.thread, text="Because.")
    client = cast.client("viewer")
    for path, most in (("discussion/", 14), ("lines/", 12), (f"threads/{step.thread_id}/", 12)):
        client.get(f"{ROOT}{path}")
        with django_assert_max_num_queries(most):
            answer = client.get(f"{ROOT}{path}")
        assert answer.status_code == 200
        assert len(answer.content) < 500_000
    shown = threads(client)
    assert shown.count('<article class="card thread') == 25
    older = shown.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    assert threads(client, older).count('<article class="card thread') == 25
    resolve_thread(author=cast.editor, thread=step.thread)
    assert "99 unresolved" in threads(client)
