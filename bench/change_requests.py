"""Ten thousand change requests, one of them long and discussed in hundreds of comments."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from admin_ui.accounts.models import Member, User, Workspace
from admin_ui.accounts.permissions import Role
from assistants.models import Assistant, ChangeRequest, Reviewer
from assistants.models.change_requests.thread import Thread, ThreadStep
from assistants.services.change_requests.submitting import submit
from assistants.services.editing.drafts import save_draft
from assistants.services.ledger.reading import live_definition
from bench.data import SLUG

REQUESTS = 10_000
OPEN = 40
"""The newest ones are open; half of them wait for the owner."""
COMMENTS = 500
TEXT = "\n".join(
    f"{number}. Answer question {number} kindly, and say why." for number in range(5_000)
)
"""About 250 KB of instructions."""


@transaction.atomic
def fill_requests() -> str:
    """Add the change requests; returns what was done, for the head of the table."""
    workspace, owner = Workspace.objects.get(slug=SLUG), User.objects.get(is_owner=True)
    author = User.objects.create(email="author@example.org", name="Author", password="!")
    member = Member.objects.create(workspace=workspace, user=author, role=Role.EDITOR)
    rows = Assistant.objects.filter(workspace=workspace, state="live")
    assistants = list(rows.order_by("pk").values_list("pk", flat=True)[: OPEN + 1])
    now = timezone.now()
    made = ChangeRequest.objects.bulk_create(
        ChangeRequest(
            workspace=workspace,
            assistant_id=assistants[number % OPEN],
            number=number + 1,
            title=f"Change {number}",
            author=author,
            author_name="Author",
            state="open" if number >= REQUESTS - OPEN else "published",
            is_open=number >= REQUESTS - OPEN,
            changed_at=now - timedelta(minutes=REQUESTS - number),
        )
        for number in range(REQUESTS)
    )
    Reviewer.objects.bulk_create(
        Reviewer(change_request=row, workspace=workspace, user=owner) for row in made[-OPEN // 2 :]
    )
    _discuss(member, Assistant.objects.get(pk=assistants[-1]))
    return (
        f"{REQUESTS:,} change requests, one with {COMMENTS} comments on {len(TEXT):,} characters."
    )


def _discuss(author: Member, assistant: Assistant) -> None:
    wanted = live_definition(assistant).replace(instructions=TEXT)
    draft = save_draft(author=author, assistant=assistant, definition=wanted, base=assistant.live)
    request = submit(
        author=author, assistant=assistant, seen=draft.known_digest, title="A long text"
    )
    of = request.rounds.get()
    threads = Thread.objects.bulk_create(
        Thread(
            change_request=request,
            round=of,
            field="instructions",
            first_line=10 * number + 1,
            last_line=10 * number + 2,
            user=author.user,
        )
        for number in range(COMMENTS // 5)
    )
    ThreadStep.objects.bulk_create(
        ThreadStep(
            thread=threads[number % len(threads)],
            kind=ThreadStep.Kind.COMMENTED,
            user=author.user,
            user_name="Author",
            text=f"Comment {number}: is this **kind** enough?",
        )
        for number in range(COMMENTS)
    )
