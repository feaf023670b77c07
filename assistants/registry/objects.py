"""The objects in answers, in the form OpenAI's API gives them."""

from typing import Any

from assistants.definition import DEFINITION_FIELDS
from assistants.registry.models import StoredAssistant

_UNSET: dict[str, Any] = {
    field.name: field.unset for field in DEFINITION_FIELDS.values() if field.answered_unset
}


def assistant_object(assistant: StoredAssistant, content: dict[str, Any]) -> dict[str, Any]:
    """Return the assistant as its content makes it. A setting that was never made is null, and
    fields unknown to us follow the known ones."""
    return {
        "id": assistant.public_id,
        "object": "assistant",
        "created_at": int(assistant.created_at.timestamp()),
        **_UNSET,
        **content,
    }


def model_object(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "registry"}
