"""Where a button of the builder leads."""

BUILD_ACTION = "schema:"
"""What the value of `action` begins with for a button of the builder."""

ANSWERS_SCHEMA = "response_schema_schema"
"""The input of the schema that answers follow."""


def target_of(name: str) -> str:
    """Return the ID of the part of the page that a button at the input `name` shows again."""
    parts = name.split("-")
    return f"row_{parts[0]}-{parts[1]}" if parts[0] == "function" else "schema"
