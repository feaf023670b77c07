"""The pages of an evidence pack: HTML that needs no other file and can be printed."""

import json
from collections.abc import Callable, Iterator
from datetime import tzinfo
from math import ceil
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString

from admin_ui.audit.log.wording import kind_label, summary_of
from admin_ui.display.times import exact_days
from assistants.models import SignedRoot
from assistants.selectors.past.evidence import CHANGES_A_FILE, Period, evident_changes
from assistants.services.trust.archive import ZipEntry
from assistants.services.trust.root_files import root_values
from assistants.wording import field_label

STYLE = SafeString("""<style>
  body {
    max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
    font: 1rem/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff;
  }
  header p, footer { color: #555; }
  :root { color-scheme: light; }
  a { color: #0645ad; }
  h1 { margin: 0 0 1rem; line-height: 1.2; }
  h2 { margin: 2rem 0 .5rem; font-size: 1.2rem; }
  table { width: 100%; border-collapse: collapse; }
  th, td {
    padding: .35rem .6rem .35rem 0; border-bottom: 1px solid #ccc;
    text-align: left; vertical-align: top;
  }
  article { margin: 1.5rem 0; padding-top: 1rem; border-top: 2px solid #1a1a1a; }
  dl { display: grid; grid-template-columns: 9rem 1fr; gap: .15rem 1rem; margin: .5rem 0; }
  dt { color: #555; }
  dd { margin: 0; overflow-wrap: anywhere; }
  code, pre { font: .85rem/1.45 ui-monospace, monospace; overflow-wrap: anywhere; }
  pre { margin: .3rem 0; padding: .5rem .7rem; border: 1px solid #bbb; white-space: pre-wrap; }
  ins, del { text-decoration: none; }
  h3 { margin: .8rem 0 .2rem; font-size: 1rem; }
  @media (max-width: 40rem) {
    dl { grid-template-columns: 1fr; }
    th, td { padding-right: .3rem; font-size: .8rem; overflow-wrap: anywhere; }
  }
  @media print {
    body { margin: 0; max-width: none; font-size: 10pt; }
    h2, h3 { break-after: avoid; }
    a { color: inherit; }
  }
</style>""")
"""These pages are opened as files: they need no other file, and no policy forbids their style."""
Render = Callable[..., str]
ROOTS_ON_THE_PAGE = 100
EVENTS_A_PART = 100


def evidence_pages(
    period: Period, *, by: str, newest: SignedRoot | None, whole: bool
) -> Iterator[ZipEntry]:
    """Return the files of a pack, for the reader of now; each is rendered while it is read."""
    zone = timezone.get_current_timezone()  # before the request has ended
    render = _renderer(zone, translation.get_language() or "en")
    facts = {
        "period": period,
        "days": f"{exact_days(period.first, period.last)} ({zone})",
        "zone": str(zone),
        "by": by,
        "now": timezone.now(),
        "style": STYLE,
    }
    return _pages(render, period, facts, newest=newest, whole=whole)


def _pages(
    render: Render,
    period: Period,
    facts: dict[str, Any],
    *,
    newest: SignedRoot | None,
    whole: bool,
) -> Iterator[ZipEntry]:
    changes = period.revisions.count()
    files = [f"changes-{number}.html" for number in range(1, ceil(changes / CHANGES_A_FILE) + 1)]
    roots, events = period.roots.count(), period.events.count()
    cover = {
        **facts,
        "changes": changes,
        "files": files,
        "events": events,
        "roots": period.roots.defer("peaks")[max(0, roots - ROOTS_ON_THE_PAGE) :],
        "roots_count": roots,
        "newest": newest,
        "whole": whole,
    }
    yield "index.html", render("cover.html", **cover).encode()
    for name, revisions in zip(files, period.files_of_changes(), strict=False):
        yield name, _document(render, "changes.html", facts, _changes(render, revisions))
    if events:
        yield "audit-log.html", _document(render, "events.html", facts, _events(render, period))
    if roots:
        yield "roots.jsonl", _root_lines(period)


def _renderer(zone: tzinfo, language: str) -> Render:
    """Return what renders a template for this reader, also after the request has ended."""

    def render(template: str, **context: Any) -> str:
        with timezone.override(zone), translation.override(language):
            return render_to_string(f"assistants/trust/evidence/{template}", context)

    return render


def _document(
    render: Render, template: str, facts: dict[str, Any], parts: Iterator[str]
) -> Iterator[str]:
    """Yield a page, whose template has a mark where its parts go."""
    before, after = render(template, **facts).split("<!-- parts -->")
    yield before
    yield from parts
    yield after


def _changes(render: Render, revisions: list[Any]) -> Iterator[str]:
    for change in evident_changes(revisions):
        fields = [(field_label(each.field), each) for each in change.fields]
        yield render("_change.html", change=change, fields=fields)


def _events(render: Render, period: Period) -> Iterator[str]:
    for event in period.events.iterator(chunk_size=EVENTS_A_PART):
        yield render(
            "_event.html", event=event, kind=kind_label(event.kind), told=summary_of(event)
        )


def _root_lines(period: Period) -> Iterator[str]:
    for root in period.roots.iterator(chunk_size=EVENTS_A_PART):
        yield json.dumps(root_values(root)) + "\n"
