"""Every way to change an assistant, by a member with narrowed rights, for every field."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import NotAllowed
from assistants.definition import FIELD_NAMES, Definition, changed_fields
from assistants.models import Assistant, Draft, Revision, Status
from assistants.models.begun import refer
from assistants.selectors.rights.scope import Scope
from assistants.services.editing import colleagues, drafts
from assistants.services.editing.accept import accept_revision
from assistants.services.editing.merging import conflict_of, rebase, resolve
from assistants.services.editing.restore import restore_as_draft
from assistants.services.ledger.reading import live_definition
from assistants.services.publishing import resend
from assistants.services.publishing.delete import delete_assistant
from assistants.services.publishing.publish import publish
from assistants.services.publishing.recreate import recreate_assistant
from assistants.services.remote.claim import claim_created
from assistants.services.rights.checks import OutsideRights
from tests.conftest import Cast
from tests.pages.past import change
from tests.rights.narrowing import CHANGED, changing, drafted, narrowed
from tests.services.conftest import fresh

pytestmark = pytest.mark.django_db(transaction=True)
OTHER = {name: "temperature" if name != "temperature" else "name" for name in FIELD_NAMES}
"""For each field another one, which the member may change instead."""
each_field = pytest.mark.parametrize("field", FIELD_NAMES)


def publishes(member: Member, assistant: Assistant, field: str) -> None:
    row = fresh(assistant)
    publish(author=member, assistant=row, wanted=changing(row, field), base=row.live)


def saves(member: Member, assistant: Assistant, field: str) -> None:
    drafted(member, assistant, field)


def merges(member: Member, assistant: Assistant, field: str) -> None:
    """Choose one's own side, in which `field` came from a page of a time before the narrowing."""
    row = fresh(assistant)
    Draft.objects.filter(assistant=row, user=member.user).delete()
    draft = Draft(assistant=row, user=member.user, base=row.live)
    draft.hold(refer(live_definition(row)))
    draft.save()
    wanted = changing(row, field)
    assert row.live
    rebase(author=member, draft=draft, definition=wanted, base=row.live, live=live_definition(row))


def restores(member: Member, assistant: Assistant, field: str) -> None:
    """Restore version 1, from which what is live differs in `field`."""
    row = fresh(assistant)
    first = Revision.objects.get(assistant=row, number=1)
    restore_as_draft(author=member, assistant=row, revision=first)


VERBS: dict[str, Callable[[Member, Assistant, str], None]] = {
    "publish": publishes,
    "save a draft": saves,
    "merge": merges,
    "restore": restores,
}
each_verb = pytest.mark.parametrize("verb", VERBS)


def before(cast: Cast, verb: str, assistant: Assistant, field: str) -> None:
    if verb == "restore":
        publishes(cast.admin, assistant, field)


@each_verb
@each_field
def test_a_field_that_is_theirs_can_be_changed(
    cast: Cast, live: Assistant, verb: str, field: str
) -> None:
    before(cast, verb, live, field)
    member = narrowed(cast, assistants=[live], fields=[field])
    VERBS[verb](member, live, field)


@each_verb
@each_field
def test_another_field_is_refused(cast: Cast, live: Assistant, verb: str, field: str) -> None:
    before(cast, verb, live, field)
    held = live_definition(fresh(live))
    member = narrowed(cast, assistants=[live], fields=[OTHER[field]])
    with pytest.raises(OutsideRights) as refused:
        VERBS[verb](member, live, field)
    assert refused.value.fields == (field,)
    assert live_definition(fresh(live)) == held
    mine = Draft.objects.filter(assistant=live, user=member.user).first()
    assert mine is None or mine.definition == held


@each_verb
def test_another_assistant_is_refused_in_every_field(
    cast: Cast, live: Assistant, published: Any, verb: str
) -> None:
    other = published(live.connection, name="Sales")
    before(cast, verb, other, "instructions")
    member = narrowed(cast, assistants=[live], fields=None)
    with pytest.raises(OutsideRights) as refused:
        VERBS[verb](member, other, "instructions")
    assert refused.value.fields == ()


def test_fields_that_we_do_not_know_need_every_field(cast: Cast, live: Assistant) -> None:
    wanted = live_definition(live).replace(x_vendor={"deep": "yes"})
    member = narrowed(cast, assistants=[live], fields=FIELD_NAMES)
    with pytest.raises(OutsideRights) as refused:
        drafts.save_draft(author=member, assistant=live, definition=wanted, base=live.live)
    assert refused.value.fields == ("x_vendor",)


FULL_RIGHT: dict[str, Callable[[Member, Assistant], object]] = {
    "delete": lambda member, row: delete_assistant(author=member, assistant=row),
    "recreate": lambda member, row: recreate_assistant(author=member, assistant=row),
    "create": lambda member, row: drafts.new_assistant(
        author=member, connection=row.connection, definition=Definition.parse({"model": "m"})
    ),
    "duplicate": lambda member, row: drafts.duplicate_as_draft(
        author=member, assistant=row, name="Copy"
    ),
    "claim": lambda member, row: claim_created(
        author=member, assistant=row, revision=row.live, remote_id="asst_1"
    ),
    "choose a connection": lambda member, row: drafts.choose_connection(
        author=member, assistant=row, connection=row.connection
    ),
}


@pytest.mark.parametrize("verb", FULL_RIGHT)
@pytest.mark.parametrize("narrow_to", ["assistants", "fields"])
def test_creating_and_deleting_need_the_full_right(
    cast: Cast, live: Assistant, verb: str, narrow_to: str
) -> None:
    reach: dict[str, Any] = {"assistants": [live]} if narrow_to == "assistants" else {}
    member = narrowed(cast, **(reach or {"fields": FIELD_NAMES}))
    with pytest.raises(NotAllowed):
        FULL_RIGHT[verb](member, fresh(live))
    assert fresh(live).state == "live"
    assert Assistant.objects.count() == 1


def test_a_draft_that_was_never_published_is_not_created(cast: Cast, live: Assistant) -> None:
    wanted = Definition.parse({"name": "New", "model": "m"})
    new = drafts.new_assistant(author=cast.publisher, connection=live.connection, definition=wanted)
    member = narrowed(cast, assistants=[new])
    with pytest.raises(NotAllowed):
        publish(author=member, assistant=new, wanted=wanted, base=None)
    assert fresh(new).state == "draft"
    drafts.discard_draft(author=member, assistant=new)


@pytest.mark.parametrize("again", ["resend", "keep_as_draft"])
@pytest.mark.parametrize("field", ["model", "name"])
def test_a_failed_change_is_sent_again_only_if_it_is_theirs(
    cast: Cast, live: Assistant, again: str, field: str
) -> None:
    row = change(live, status=Status.NOT_DELIVERED, by=cast.admin.user, **{field: CHANGED[field]})
    failed = Revision.objects.get(assistant=row, number=2)
    member = narrowed(cast, assistants=[live], fields=["name"])
    act = partial(getattr(resend, again), author=member, assistant=fresh(row), revision=failed)
    if field == "name":
        act()
        return
    with pytest.raises(OutsideRights):
        act()
    assert live_definition(fresh(live)).value("model") != CHANGED["model"]
    assert not Draft.objects.filter(user=member.user).exists()


def test_accepting_speaks_for_the_whole_assistant(cast: Cast, live: Assistant) -> None:
    assert live.live
    for fields in (["name"], FIELD_NAMES):
        member = narrowed(cast, assistants=[live], fields=fields)
        with pytest.raises(OutsideRights):
            accept_revision(author=member, assistant=live, revision=live.live)


DECISIONS: dict[str, Callable[..., object]] = {
    "take over": colleagues.take_over,
    "return": lambda **about: colleagues.return_draft(note="Why?", **about),
    "discard": lambda **about: colleagues.discard_theirs(note="Why?", **about),
}


@pytest.mark.parametrize("decision", DECISIONS)
@pytest.mark.parametrize("theirs", [True, False])
def test_a_colleagues_draft_is_decided_about_only_if_every_field_is_theirs(
    cast: Cast, live: Assistant, decision: str, theirs: bool
) -> None:
    draft = drafted(cast.editor, live, "name", "model")
    member = narrowed(cast, assistants=[live], fields=["name", "model"] if theirs else ["name"])
    about = {"assistant": live, "user": cast.editor.user, "seen": draft.known_digest}
    if theirs:
        DECISIONS[decision](author=member, **about)
        return
    with pytest.raises(OutsideRights) as refused:
        DECISIONS[decision](author=member, **about)
    assert refused.value.fields == ("model",)
    draft.refresh_from_db()
    assert draft.user == cast.editor.user
    with pytest.raises(OutsideRights):
        publish(
            author=member,
            assistant=live,
            wanted=draft.definition,
            base=draft.base,
            drafter=cast.editor.user,
        )


def test_a_merge_takes_over_what_others_published_in_fields_that_are_not_theirs(
    cast: Cast, live: Assistant
) -> None:
    member = narrowed(cast, assistants=[live], fields=["name"])
    draft = drafted(member, live, "name")
    publishes(cast.admin, live, "model")
    draft.assistant = fresh(live)
    conflict = conflict_of(draft)
    assert conflict
    merged = resolve(author=member, draft=draft, conflict=conflict)
    publish(author=member, assistant=fresh(live), wanted=merged.definition, base=merged.base)
    held = live_definition(fresh(live))
    assert (held.value("name"), held.value("model")) == (CHANGED["name"], CHANGED["model"])


def test_an_older_draft_can_be_put_back_but_not_published(cast: Cast, live: Assistant) -> None:
    older = drafted(cast.publisher, live, "name", "model")
    member = narrowed(cast, assistants=[live], fields=["name"])
    row = fresh(live)
    kept = older.definition.replace(name="Another")
    drafts.save_draft(author=member, assistant=row, definition=kept, base=row.live)
    with pytest.raises(OutsideRights):
        publish(author=member, assistant=row, wanted=kept, base=row.live)
    drafted(member, live, "name")
    publishes(member, live, "name")


@given(st.sets(st.sampled_from(FIELD_NAMES)), st.sets(st.sampled_from(FIELD_NAMES)))
def test_what_is_outside_is_what_changed_without_what_is_open(
    mine: set[str], changed: set[str]
) -> None:
    old = Definition.parse({"model": "m"})
    new = old.replace(**{name: CHANGED[name] for name in changed})
    scope = Scope(frozenset(mine))
    assert set(scope.outside(changed_fields(old, new))) == changed - mine
    assert scope.closed == set(FIELD_NAMES) - mine
    assert set(scope.open) == mine
    assert Scope().outside(changed_fields(old, new)) == ()
