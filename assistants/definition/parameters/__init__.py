"""A JSON Schema as the rows of a form, and back without any loss. No Django, no I/O.

`read_parameters` makes a tree of `SchemaRow`s of a schema, `write_parameters` a schema of a tree.
What rows cannot show stays in the schema, at its place and in its order.
"""

from assistants.definition.parameters.example import example_of
from assistants.definition.parameters.fixes import can_fix, fix_flaw
from assistants.definition.parameters.naming import is_plain_name, plain_name
from assistants.definition.parameters.parameter import (
    KEPT_KIND,
    MOST_LEVELS,
    MOST_SCHEMA_ROWS,
    PARAMETER_KINDS,
    SchemaRow,
    Slip,
)
from assistants.definition.parameters.reading import NotRows, count_rows, read_parameters
from assistants.definition.parameters.writing import write_parameters

__all__ = [
    "KEPT_KIND",
    "MOST_LEVELS",
    "MOST_SCHEMA_ROWS",
    "PARAMETER_KINDS",
    "NotRows",
    "SchemaRow",
    "Slip",
    "can_fix",
    "count_rows",
    "example_of",
    "fix_flaw",
    "is_plain_name",
    "plain_name",
    "read_parameters",
    "write_parameters",
]
