import json
from typing import Any

from django.db import models


class JSONTextField(models.TextField):  # type: ignore[type-arg]
    """JSON kept as text: the order of keys and every character survive on each database.

    PostgreSQL's `jsonb` sorts keys and refuses NUL and lone surrogates, which remotes may hold.
    """

    def from_db_value(self, value: str | None, *args: Any) -> Any:
        return None if value is None else json.loads(value)

    def to_python(self, value: Any) -> Any:
        return value

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else json.dumps(value, separators=(",", ":"))
