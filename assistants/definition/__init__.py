"""The shape, the limits and the meaning of an assistant's definition. No Django, no I/O."""

from assistants.definition.bodies import (
    changed_fields,
    create_body,
    modify_body,
    same_value,
    shared,
)
from assistants.definition.characters import (
    TAG,
    CharacterMark,
    find_marks,
    is_space,
    look_alike,
    mixed_words,
    spelled_in,
    tally,
)
from assistants.definition.checks.problem import Problem
from assistants.definition.checks.problems import (
    note_missing,
    note_problems,
    problems,
    text_problems,
    too_much,
)
from assistants.definition.checks.schemas import HeldSchema, kept_schemas, schemas_in
from assistants.definition.defaults import filled_in, stored_otherwise
from assistants.definition.examples import FIELD_EXAMPLES
from assistants.definition.excerpt import (
    DefinitionExcerpt,
    LongValue,
    StoredContent,
    beginning,
    changed,
    excerpt,
)
from assistants.definition.fields import (
    DEFINITION_FIELDS,
    FIELD_NAMES,
    LONG_TEXTS,
    PROSE,
    DefinitionField,
    undocumented_by,
)
from assistants.definition.limits import LIMITS, PAGE_LIMITS, REMOTE_ID, Limits
from assistants.definition.text import normalise_text, quotable, storable
from assistants.definition.value import IDENTITY_FIELDS, REST, Definition
from assistants.definition.whole import Whole, add_rest, whole_format, whole_function

__all__ = [
    "DEFINITION_FIELDS",
    "FIELD_EXAMPLES",
    "FIELD_NAMES",
    "IDENTITY_FIELDS",
    "LIMITS",
    "LONG_TEXTS",
    "PAGE_LIMITS",
    "PROSE",
    "REMOTE_ID",
    "REST",
    "TAG",
    "CharacterMark",
    "Definition",
    "DefinitionExcerpt",
    "DefinitionField",
    "HeldSchema",
    "Limits",
    "LongValue",
    "Problem",
    "StoredContent",
    "Whole",
    "add_rest",
    "beginning",
    "changed",
    "changed_fields",
    "create_body",
    "excerpt",
    "filled_in",
    "find_marks",
    "is_space",
    "kept_schemas",
    "look_alike",
    "mixed_words",
    "modify_body",
    "normalise_text",
    "note_missing",
    "note_problems",
    "problems",
    "quotable",
    "same_value",
    "schemas_in",
    "shared",
    "spelled_in",
    "storable",
    "stored_otherwise",
    "tally",
    "text_problems",
    "too_much",
    "undocumented_by",
    "whole_format",
    "whole_function",
]
