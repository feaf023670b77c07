"""More rows than seeding makes in good time: copies of seeded rows, made by the database.

Copies have keys, remote ids and sequence numbers of their own. Digests are copied, so
`verify_history` rejects what this module makes.
"""

from collections.abc import Mapping, Sequence

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Max, Min, Model

from admin_ui.accounts.models import Workspace
from assistants.models import Assistant, ChangedText, Connection, Outcome, Passage, Revision
from assistants.registry.models import Counter, StoredAssistant, Write
from bench.data import SLUG

COPIED: Sequence[type[Model]] = (Assistant, Revision, Outcome, Passage, StoredAssistant, Write)


def enlarge(*, times: int, short: int, long: int) -> str:
    """Copy what is seeded until there is `times` (at most 10) as much, then two histories.

    The third assistant gets at least `short` revisions, and the first at least `long`. Returns what
    was done, for the head of the table.
    """
    seeded = Assistant.objects.count(), Revision.objects.count()
    first, _, third = Assistant.objects.order_by("remote_id")[:3]
    with transaction.atomic():
        _write_faster()
        _copy_everything(times - 1)
        lengths = [_lengthen(assistant, to) for assistant, to in ((third, short), (first, long))]
    _tidy()
    now = Assistant.objects.count(), Revision.objects.count()
    return (
        f"{now[0]:,} assistants and {now[1]:,} revisions: {seeded[0]:,} and {seeded[1]:,} seeded,"
        f" each copied {times - 1} times by the database under other keys;"
        f" two histories copied until they had {lengths[0]:,} and {lengths[1]:,} revisions."
    )


def _lengthen(assistant: Assistant, revisions: int) -> int:
    """Copy the history of `assistant` until it has at least `revisions`; returns how many it has.

    Copies have the numbers behind its end and keys below all others, so lists of the workspace
    begin as they did.
    """
    length, whose = assistant.last_number, f"assistant_id = {assistant.pk}"
    times = max(0, -(-revisions // length) - 1)
    spans: dict[type[Model], int] = {model: _span(model) for model in (Revision, Outcome)}
    numbers = {"number": f"number + k * {length}", "version": f"version + k * {length}"}
    keys = {
        "base_id": f"base_id - k * {spans[Revision]}",
        "revision_id": f"revision_id - k * {spans[Revision]}",
    }
    for model, span in spans.items():
        own = {"id": f"id - k * {span}"}
        _copy(model, times, own | numbers | keys, f"{whose} AND {_seeded(model)}")
        if model is Revision:
            changed = (
                f"revision_id IN (SELECT id FROM assistants_revision WHERE {whose} AND id > 0)"
            )
            _copy_changed_texts(times, f"- k * {span}", "", changed)
    newest = Revision.objects.filter(assistant=assistant).latest("number")
    Assistant.objects.filter(pk=assistant.pk).update(
        live_id=newest.pk, live_version=newest.number, last_number=newest.number
    )
    return newest.number


def _copy_everything(times: int) -> None:
    spans = {model: _span(model) for model in COPIED}
    workspace = Workspace.objects.get(slug=SLUG)
    writes = Counter.objects.get(pk=workspace.pk).last

    def beyond(column: str, model: type[Model]) -> str:
        return f"{column} + k * {spans[model]}"

    sequence = f"sequence + k * {writes}"
    _copy(
        Assistant,
        times,
        {
            "id": beyond("id", Assistant),
            "remote_id": _with_digit("remote_id"),
            "live_id": beyond("live_id", Revision),
            "etag": f"""'"' || (CAST(replace(etag, '"', '') AS integer) + k * {writes}) || '"'""",
        },
    )
    _copy(
        Revision,
        times,
        {
            "id": beyond("id", Revision),
            "assistant_id": beyond("assistant_id", Assistant),
            "base_id": beyond("base_id", Revision),
            "trace_id": "trace_id || '-' || k",
        },
    )
    _copy(
        Outcome,
        times,
        {
            "id": beyond("id", Outcome),
            "revision_id": beyond("revision_id", Revision),
            "assistant_id": beyond("assistant_id", Assistant),
        },
    )
    _copy(
        Passage,
        times,
        {
            "id": beyond("id", Passage),
            "assistant_id": beyond("assistant_id", Assistant),
        },
    )
    _copy_words(times, spans[Assistant])
    seeded = f"revision_id <= {_keys(Revision)[1] - times * spans[Revision]}"
    _copy_changed_texts(times, f"+ k * {spans[Revision]}", f"+ k * {spans[Assistant]}", seeded)
    _copy(
        StoredAssistant,
        times,
        {
            "id": beyond("id", StoredAssistant),
            "public_id": _with_digit("public_id"),
            "sequence": sequence,
        },
    )
    _copy(
        Write,
        times,
        {
            "id": beyond("id", Write),
            "assistant_id": beyond("assistant_id", StoredAssistant),
            "sequence": sequence,
        },
    )
    Counter.objects.filter(pk=workspace.pk).update(last=writes * (times + 1))
    Connection.objects.filter(feed_cursor=writes).update(feed_cursor=writes * (times + 1))


def _copy(model: type[Model], times: int, changed: Mapping[str, str], where: str = "") -> None:
    """Copy the rows of `model`: column by column, or as `changed` says for the copy number `k`."""
    columns = [str(field.column) for field in model._meta.concrete_fields]
    values = [changed.get(column, _quoted(column)) for column in columns]
    _insert(model._meta.db_table, columns, values, times, where or _seeded(model))


def _copy_words(times: int, span: int) -> None:
    """Copy the tokens of the search index, which no model describes."""
    column = "assistant_id" if connection.vendor == "postgresql" else "rowid"
    columns, key = [column, "name", "words"], f"assistants_words.{column}"
    values = [f"{key} + k * {span}", "name", "words"]
    _insert(
        "assistants_words", columns, values, times, f"{key} <= {_keys(Assistant)[1] - times * span}"
    )


def _copy_changed_texts(times: int, revision: str, assistant: str, where: str) -> None:
    """Copy what revisions changed, and its tokens, which no model describes.

    `revision` and `assistant` are added to the keys.
    """
    table, key = ChangedText._meta.db_table, f"revision_id {revision}"
    _insert(table, ["revision_id", "added", "removed"], [key, "added", "removed"], times, where)
    postgresql = connection.vendor == "postgresql"
    old, new = "'a' || r.assistant_id", f"'a' || (r.assistant_id {assistant})"
    if postgresql:
        tokens = f"array_replace(tsvector_to_array(words), '@' || {old}, '@' || {new})"
        columns, values = ["revision_id", "words"], [key, f"array_to_tsvector({tokens})"]
    else:
        place = f"trim(replace(' ' || place || ' ', ' ' || {old} || ' ', ' ' || {new} || ' '))"
        columns, values = ["rowid", "place", "words"], [f"r.id {revision}", place, "words"]
    joined = "assistants_changed_words w JOIN assistants_revision r ON r.id = w."
    joined += columns[0]
    where = where if postgresql else where.replace("revision_id", "r.id", 1)
    _insert("assistants_changed_words", columns, values, times, where, source=joined)


def _insert(
    table: str,
    columns: Sequence[str],
    values: Sequence[str],
    times: int,
    where: str,
    source: str = "",
) -> None:
    names, taken = ", ".join(map(_quoted, columns)), ", ".join(values)
    with connection.cursor() as cursor:
        for number in range(1, times + 1):
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {taken}"
                f" FROM {source or table}, (SELECT {number} AS k) AS copy WHERE {where}"
            )


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _with_digit(column: str) -> str:
    """Return a seeded remote id with the number of the copy as the first digit of its position."""
    return f"substr({column}, 1, 15) || k || substr({column}, 17)"


def _seeded(model: type[Model]) -> str:
    """Return the condition for the rows that are there now."""
    first, last = _keys(model)
    return f"id BETWEEN {first} AND {last}"


def _span(model: type[Model]) -> int:
    first, last = _keys(model)
    return last - first + 1


def _keys(model: type[Model]) -> tuple[int, int]:
    found = model._default_manager.aggregate(first=Min("pk"), last=Max("pk"))
    return found["first"], found["last"]


def _write_faster() -> None:
    """Spare the database what only matters where data must last, until the connection ends."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA cache_size = -500000")
        else:
            cursor.execute("SET LOCAL synchronous_commit = off")
            cursor.execute("SET LOCAL work_mem = '256MB'")


def _tidy() -> None:
    """Let new rows have keys behind the copies."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(COPIED)):
            cursor.execute(statement)
    settle()


def settle() -> None:
    """Do what PostgreSQL does alone within minutes: tell the planner what there is, and which
    pages of a table need no second look."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    connection.close()
