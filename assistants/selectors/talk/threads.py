"""Threads of a change request, ready to be shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from time import thread_time

from django.utils import timezone
from django.utils.safestring import SafeString

from admin_ui.accounts.guard.stash import mark_about
from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action, can
from admin_ui.display.times import ago
from assistants.diff.following.anchors import Follower, LineRange
from assistants.models import ChangeRequest, Round, Thread, ThreadStep
from assistants.selectors.change_requests.decisions import whose_counts
from assistants.selectors.talk.rounds import round_texts
from assistants.wording.talk.discussion import DONE, comment_html, place_label, suggestion_html
from assistants.wording.talk.mentions import find_mentions

STEPS_IN_A_LIST = 5
"""Of a longer thread, a list shows its first step and its newest ones."""
MOST_LINES_QUOTED = 8
LONGEST_QUOTE = 1_000
LONGEST_IN_A_LIST = 4_000
"""Characters of a suggestion and its lines together; a longer one is shown with its thread only."""
MOST_WITHIN = 25
"""Threads that are shown beside the lines of one page."""
DISCUSSION_SECONDS = 1.0
"""Processor time of a page for comments and for following lines."""
SHOWN_KINDS = (*ThreadStep.SAID, ThreadStep.Kind.RESOLVED, ThreadStep.Kind.REOPENED)


@dataclass(frozen=True)
class ShownStep:
    """A comment or a suggestion, or that a thread was resolved or reopened."""

    pk: int
    who: str
    when: SafeString
    done: str = ""
    """What they did, of a step without words."""
    html: SafeString | None = None
    mentioned: str = ""
    """Those who were ticked, and whom the text does not name."""
    suggestion: SafeString | None = None
    is_suggestion: bool = False
    removes: bool = False
    """Whether it suggests to remove the lines."""
    ended: str = ""
    ended_by: str = ""
    is_withdrawn: bool = False
    may_withdraw: bool = False
    may_decide: bool = False
    costs_approval: bool = False
    """Whether who suggests it could approve the change, and cannot once it is accepted."""


@dataclass(frozen=True)
class ShownThread:
    """A thread with what it is about: `lines` are those of the shown round."""

    pk: int
    field: str
    label: str
    round_number: int
    is_resolved: bool
    is_outdated: bool
    lines: LineRange | None
    quote: str
    """The lines that it was about, at least their beginning."""
    quote_more: int
    """How many of them are left out."""
    steps: list[ShownStep]
    left_out: int
    """How many steps are shown with the thread alone."""
    may_resolve: bool
    about: str
    """The mark of replies to it that are kept as typed."""

    @property
    def last_line(self) -> int:
        return self.lines.last if self.lines else 0


def may_resolve(member: Member, thread: Thread) -> bool:
    """Return whether `member` may resolve and reopen a thread of their workspace."""
    own = (thread.user_id, thread.change_request.author_id)
    return member.user.pk in own or can(member, Action.PUBLISH)


def about_thread(member: Member, pk: int) -> str:
    """Return the mark of replies to a thread that are kept as typed."""
    return mark_about(member.user, f"thread {pk}")


def show_threads(
    threads: Sequence[Thread],
    *,
    request: ChangeRequest,
    of: Round,
    member: Member,
    in_full: bool = False,
    within: LineRange | None = None,
) -> list[ShownThread]:
    """Return threads of `request` with their steps and places in the round `of`.

    Unless `in_full`, long threads and long suggestions are cut. With `within`, only threads are
    returned of which the last line is there in the round, at most `MOST_WITHIN`.
    """
    view = _View(request, of, member, in_full=in_full)
    view.read_rounds({thread.round_id for thread in threads if thread.first_line})
    if within:
        threads = [thread for thread in threads if view.is_within(thread, within)][:MOST_WITHIN]
    if not threads:
        return []
    steps, left_out = _steps_of(threads, in_full=in_full)
    view.read_approvers([step for found in steps.values() for step in found])
    return [view.show(thread, steps[thread.pk], left_out[thread.pk]) for thread in threads]


def _steps_of(
    threads: Sequence[Thread], *, in_full: bool
) -> tuple[dict[int, list[ThreadStep]], dict[int, int]]:
    """Return the steps to be shown by thread, and how many of each are left out. Two queries."""
    rows = ThreadStep.objects.filter(thread__in=threads, kind__in=SHOWN_KINDS).order_by("pk")
    keys: dict[int, list[int]] = {thread.pk: [] for thread in threads}
    for pk, thread in rows.values_list("pk", "thread_id"):
        keys[thread].append(pk)
    left_out = dict.fromkeys(keys, 0)
    for thread, found in keys.items():
        if not in_full and len(found) > STEPS_IN_A_LIST + 1:
            left_out[thread] = len(found) - STEPS_IN_A_LIST
            keys[thread] = [found[0], *found[1 - STEPS_IN_A_LIST :]]
    wanted = [pk for found in keys.values() for pk in found]
    steps: dict[int, list[ThreadStep]] = {thread.pk: [] for thread in threads}
    for step in ThreadStep.objects.filter(pk__in=wanted).select_related("end").order_by("pk"):
        steps[step.thread_id].append(step)
    return steps, left_out


class _View:
    """What is the same for all threads of a page."""

    def __init__(self, request: ChangeRequest, of: Round, member: Member, *, in_full: bool) -> None:
        self.request, self.of, self.member, self.in_full = request, of, member, in_full
        self.now, self.deadline = timezone.now(), thread_time() + DISCUSSION_SECONDS
        self.rounds: dict[int, Round] = {}
        self.texts: dict[int, str] = {}
        self.followers: dict[int, Follower] = {}
        self.approvers: set[int] = set()

    def read_rounds(self, pks: set[int]) -> None:
        if pks:
            rows = Round.objects.filter(pk__in={*pks, self.of.pk}).only("number", "values", "texts")
            self.rounds = {each.pk: each for each in rows}
            self.texts = round_texts(list(self.rounds.values()))

    def read_approvers(self, steps: Sequence[ThreadStep]) -> None:
        """Find who of those that suggest something could approve the round."""
        suggested = [step for step in steps if step.kind == ThreadStep.Kind.SUGGESTED]
        users = {step.user_id for step in suggested} - set(self.of.writers)
        if self.decides and users:
            self.approvers = whose_counts(self.request, self.of, users)

    @cached_property
    def decides(self) -> bool:
        own = self.request.author_id == self.member.user.pk
        return own and self.request.is_open and can(self.member, Action.EDIT_DRAFT)

    @property
    def seconds(self) -> float:
        return max(self.deadline - thread_time(), 0.0)

    def show(self, thread: Thread, steps: Sequence[ThreadStep], left_out: int) -> ShownThread:
        thread.change_request = self.request
        then = place_in_round(thread)
        quoted = then.of(self.texts.get(thread.round_id, "")) if then else []
        now = self._follow(thread, then) if then else None
        few = quoted if self.in_full else quoted[:MOST_LINES_QUOTED]
        text = "\n".join(few)
        return ShownThread(
            pk=thread.pk,
            field=thread.field,
            label=place_label(thread.field, now or then),
            round_number=self.rounds[thread.round_id].number if then else 0,
            is_resolved=thread.is_resolved,
            is_outdated=then is not None and now is None,
            lines=now,
            quote=text
            if self.in_full or len(text) <= LONGEST_QUOTE
            else f"{text[:LONGEST_QUOTE]}…",
            quote_more=len(quoted) - len(few),
            steps=[self._show_step(step, "\n".join(quoted)) for step in steps],
            left_out=left_out,
            may_resolve=may_resolve(self.member, thread),
            about=about_thread(self.member, thread.pk),
        )

    def is_within(self, thread: Thread, lines: LineRange) -> bool:
        then = place_in_round(thread)
        now = self._follow(thread, then) if then else None
        return now is not None and lines.first <= now.last <= lines.last

    def _follow(self, thread: Thread, lines: LineRange) -> LineRange | None:
        follower = self.followers.get(thread.round_id)
        if follower is None:
            old, new = self.texts.get(thread.round_id, ""), self.texts.get(self.of.pk, "")
            follower = Follower(old, new, seconds=self.seconds)
            self.followers[thread.round_id] = follower
        return follower.follow(lines)

    def _comment(self, step: ThreadStep, names: Sequence[str]) -> SafeString:
        return comment_html(step.text, names, seconds=self.seconds)

    def _show_step(self, step: ThreadStep, lines: str) -> ShownStep:
        when = ago(step.created_at, self.now)
        if step.kind not in ThreadStep.SAID:
            return ShownStep(step.pk, step.user_name, when, done=str(DONE[step.kind]))
        end: ThreadStep | None = getattr(step, "end", None)
        names = [name for _pk, name in step.mentioned]
        is_withdrawn = end is not None and end.kind == ThreadStep.Kind.WITHDRAWN
        is_suggestion = step.kind == ThreadStep.Kind.SUGGESTED
        is_short = self.in_full or len(lines) + len(step.replacement) <= LONGEST_IN_A_LIST
        shows = is_suggestion and is_short and not is_withdrawn
        return ShownStep(
            pk=step.pk,
            who=step.user_name,
            when=when,
            html=None if is_withdrawn else self._comment(step, names),
            mentioned=", ".join(
                name for name in names if not list(find_mentions(step.text, [name]))
            ),
            suggestion=suggestion_html(lines, step.replacement) if shows else None,
            is_suggestion=is_suggestion,
            removes=is_suggestion and not step.replacement,
            ended=str(DONE[end.kind]) if end else "",
            ended_by=end.user_name if end else "",
            is_withdrawn=is_withdrawn,
            may_withdraw=end is None and step.user_id == self.member.user.pk,
            may_decide=is_suggestion and is_short and end is None and self.decides,
            costs_approval=step.user_id in self.approvers,
        )


def place_in_round(thread: Thread) -> LineRange | None:
    """Return the lines of its own round that a thread is about."""
    if thread.first_line is None or thread.last_line is None:
        return None
    return LineRange(thread.first_line, thread.last_line)
