"""Compare two definitions and two texts. No Django, no HTML."""

from assistants.diff.changes import (
    FieldChange,
    ItemChange,
    PartChange,
    compare_definitions,
    glance,
    tool_type_and_name,
)
from assistants.diff.merge import Merge, merge
from assistants.diff.summary import summarise, unseen_in
from assistants.diff.three_way import (
    MergedLines,
    Pick,
    PickSide,
    choosable_lines,
    join_picks,
    merge_lines,
    split_lines,
)
from assistants.diff.words import MAX_CHARACTERS, MAX_PIECES, Piece, count_words, word_diff

__all__ = [
    "MAX_CHARACTERS",
    "MAX_PIECES",
    "FieldChange",
    "ItemChange",
    "Merge",
    "MergedLines",
    "PartChange",
    "Pick",
    "PickSide",
    "Piece",
    "choosable_lines",
    "compare_definitions",
    "count_words",
    "glance",
    "join_picks",
    "merge",
    "merge_lines",
    "split_lines",
    "summarise",
    "tool_type_and_name",
    "unseen_in",
    "word_diff",
]
