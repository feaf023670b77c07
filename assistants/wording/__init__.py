"""Everything that is said about changes, states and errors, in plain words."""

from admin_ui.display.times import ago, clock, dated
from assistants.wording.chips import (
    CHANGEABLE,
    STATUS_FILTERS,
    Chip,
    assistant_chips,
    clearance_chip,
    join_html,
    listed_chips,
    outcome_chip,
    view_only,
    your_draft,
)
from assistants.wording.definition.contents import ShownContents, remarks, show_contents
from assistants.wording.definition.decision import DraftGlance, decision_about
from assistants.wording.definition.difference import ShownChange, show_changes
from assistants.wording.definition.found import Found, marked_closest, marked_line
from assistants.wording.definition.room import Room
from assistants.wording.errors import failure, gateway_error
from assistants.wording.labels import (
    ToolLabel,
    defaults_told,
    field_label,
    field_names,
    more_fields,
    resource_label,
    tool_label,
    tool_mark,
    tool_title,
    value_text,
)
from assistants.wording.marks import named, notices, quoted
from assistants.wording.presence import editing, overtaken_headline
from assistants.wording.sentences import brought_in, headline, size_of, summary
from assistants.wording.texts.blocks import Block, show_original

__all__ = [
    "CHANGEABLE",
    "STATUS_FILTERS",
    "Block",
    "Chip",
    "DraftGlance",
    "Found",
    "Room",
    "ShownChange",
    "ShownContents",
    "ToolLabel",
    "ago",
    "assistant_chips",
    "brought_in",
    "clearance_chip",
    "clock",
    "dated",
    "decision_about",
    "defaults_told",
    "editing",
    "failure",
    "field_label",
    "field_names",
    "gateway_error",
    "headline",
    "join_html",
    "listed_chips",
    "marked_closest",
    "marked_line",
    "more_fields",
    "named",
    "notices",
    "outcome_chip",
    "overtaken_headline",
    "quoted",
    "remarks",
    "resource_label",
    "show_changes",
    "show_contents",
    "show_original",
    "size_of",
    "summary",
    "tool_label",
    "tool_mark",
    "tool_title",
    "value_text",
    "view_only",
    "your_draft",
]
