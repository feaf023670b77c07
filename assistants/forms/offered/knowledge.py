"""The files and vector stores of a form, by name, and whether they agree with its tools."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from assistants.definition import LIMITS, Definition
from assistants.forms.offered.models import model_of
from assistants.forms.posted.answers import Answers
from assistants.forms.text import parse_lines, parse_number, printable, ticked
from assistants.models import OfferEntry, OfferList
from assistants.selectors.offers import KnownOffers, NamedOffer
from assistants.wording.labels import RESOURCE_LABELS
from assistants.wording.offers import (
    code_without_files,
    facts_of,
    files_without_code,
    missing_offer,
    search_without_store,
    store_without_search,
    unread_list,
    unusable_offer,
)

MOST_CHOSEN_SHOWN = 50


class IdInput(NamedTuple):
    """An input of IDs: the list that has them, its tool, and how many it may hold."""

    kind: str
    field: str
    box: str
    label: str
    most: int


ID_INPUTS = (
    IdInput(
        "files",
        "code_interpreter_file_ids",
        "code_interpreter-0-enabled",
        RESOURCE_LABELS["code_interpreter.file_ids"],
        LIMITS.files,
    ),
    IdInput(
        "vector_stores",
        "vector_store_ids",
        "file_search-0-enabled",
        RESOURCE_LABELS["file_search.vector_store_ids"],
        LIMITS.vector_stores,
    ),
)


class ChosenOffer(NamedTuple):
    """One ID of an input, as its list has it."""

    id: str
    name: str
    facts: str
    flag: str
    """What is wrong with it; usually empty."""


@dataclass(frozen=True, slots=True)
class ChosenList:
    """The entries of one input of IDs."""

    kind: str
    field: str
    label: str
    most: int
    can_choose: bool
    """Whether its list was read, so that names are known."""
    chosen: list[ChosenOffer]
    more: int
    """How many more there are than are shown."""
    unread: str
    """That its list could not be read; usually empty."""


@dataclass(frozen=True, slots=True)
class ShownKnowledge:
    """What the section Knowledge shows of a form, apart from its inputs."""

    lists: list[ChosenList]
    mismatches: list[str]
    """What is chosen and has no effect."""
    remarks: list[str]
    """What works, but not as one may think."""
    is_registry: bool
    has_none: bool
    """Whether the endpoint has neither files nor vector stores."""

    @property
    def is_named(self) -> bool:
        """Whether IDs are shown by name, so that their inputs may be folded."""
        return any(one.can_choose for one in self.lists)


def typed_ids(value: Callable[[str], str]) -> list[str]:
    """Return the IDs in the inputs of a form; `value` gives the text of each."""
    return [one for spec in ID_INPUTS for one in parse_lines(value(spec.field))]


def show_knowledge(
    value: Callable[[str], str], checked: Callable[[str], bool], offers: KnownOffers
) -> ShownKnowledge:
    """Return what is shown of the IDs and boxes of a form, given by the names of its inputs."""
    lists, mismatches, remarks = [], [], []
    for spec in ID_INPUTS:
        ids = list(dict.fromkeys(parse_lines(value(spec.field))))
        lists.append(_chosen(spec, ids, offers))
        is_on, is_search = checked(spec.box), spec.kind == OfferList.Kind.STORES
        if ids and not is_on:
            mismatches.append(store_without_search() if is_search else files_without_code())
        elif is_on and not ids:
            remarks.append(search_without_store() if is_search else code_without_files())
    failures = [offers.lists[spec.kind].failure for spec in ID_INPUTS if spec.kind in offers.lists]
    has_none = failures == [OfferList.NONE] * len(ID_INPUTS)
    return ShownKnowledge(lists, mismatches, remarks, offers.is_registry, has_none)


def _chosen(spec: IdInput, ids: list[str], offers: KnownOffers) -> ChosenList:
    state = offers.lists.get(spec.kind)
    is_read = offers.is_read(spec.kind)
    failed = state is not None and state.failure not in ("", OfferList.NONE)
    asked_at = state.asked_at if state and failed else None
    return ChosenList(
        kind=spec.kind,
        field=spec.field,
        label=_(spec.label),
        most=spec.most,
        can_choose=is_read,
        chosen=list(_named(spec.kind, ids[:MOST_CHOSEN_SHOWN], offers)) if is_read else [],
        more=max(len(ids) - MOST_CHOSEN_SHOWN, 0) if is_read else 0,
        unread=unread_list(spec.kind, asked_at) if asked_at else "",
    )


def _named(kind: str, ids: list[str], offers: KnownOffers) -> Iterator[ChosenOffer]:
    today = timezone.localdate()
    for one in ids:
        entry = offers.find(kind, one)
        if entry is None:
            flag = missing_offer(kind) if offers.lacks(kind, one) else ""
            yield ChosenOffer(one, "", "", flag)
            continue
        yield offer_row(entry, today)


def offer_row(entry: NamedOffer | OfferEntry, today: date) -> ChosenOffer:
    """Return what is shown of an entry of a list."""
    facts = facts_of(
        size=entry.size, count=entry.count, created_at=entry.created_at, status=entry.status
    )
    flag = unusable_offer(entry.status, entry.ends_on, today)
    remote_id = entry.id if isinstance(entry, NamedOffer) else entry.remote_id
    return ChosenOffer(remote_id, entry.name, facts, flag)


def knowledge_of(answers: Answers, offers: KnownOffers) -> ShownKnowledge:
    """Return the same of a form that is shown."""
    return show_knowledge(answers.value, answers.checked, offers)


def ids_of(answers: Answers, definition: Definition) -> list[str]:
    """Return everything in a form that a list of its connection may have: model, files, stores."""
    return [model_of(definition), *typed_ids(answers.value)]


POSTED = (
    "model",
    "connection",
    "temperature",
    "top_p",
    "reasoning_effort",
    "function-TOTAL_FORMS",
    *(name for spec in ID_INPUTS for name in (spec.field, spec.box)),
)
"""The inputs of a form that `posted_definition` and `show_knowledge` read."""


def posted_definition(data: Mapping[str, str]) -> Definition:
    """Return as much of a posted form as advice about its model needs."""
    content: dict[str, object] = {"model": printable(data.get("model", "")).strip()}
    for name in ("temperature", "top_p"):
        try:
            content[name] = parse_number(data.get(name, ""))
        except ValueError:
            continue
    content["reasoning_effort"] = data.get("reasoning_effort", "").strip() or None
    has_functions = data.get("function-TOTAL_FORMS", "0") != "0"
    if has_functions or any(ticked(data.get(spec.box)) for spec in ID_INPUTS):
        content["tools"] = [{"type": "function"}]
    return Definition.parse(content)
