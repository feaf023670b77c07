import json
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    AnyTextField = models.TextField[Any, Any]
else:
    AnyTextField = models.TextField


class JSONTextField(AnyTextField):
    """JSON kept as text: the order of keys and every character survive on each database.

    PostgreSQL's `jsonb` sorts keys and refuses NUL and lone surrogates, which remotes may hold.
    """

    if TYPE_CHECKING:  # any JSON goes in and comes out
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any
        _pyi_lookup_exact_type: Any

    def from_db_value(self, value: str | None, *args: Any) -> Any:
        return None if value is None else json.loads(value)

    def to_python(self, value: Any) -> Any:
        return value

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else json.dumps(value, separators=(",", ":"))
