"""The shape, the limits and the meaning of an assistant's definition. No Django, no I/O."""

from assistants.definition.bodies import changed_fields, create_body, modify_body, same_value
from assistants.definition.limits import LIMITS, Limits
from assistants.definition.problems import Problem, problems
from assistants.definition.value import FIELDS, Definition, normalise_text, quotable

__all__ = [
    "FIELDS",
    "LIMITS",
    "Definition",
    "Limits",
    "Problem",
    "changed_fields",
    "create_body",
    "modify_body",
    "normalise_text",
    "problems",
    "quotable",
    "same_value",
]
