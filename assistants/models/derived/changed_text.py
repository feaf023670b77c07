from django.db import models

from assistants.models.revision import Revision

MOST_SHOWN = 4_000
"""Characters of added and of removed lines that are kept to be shown; all of them are indexed."""


class ChangedText(models.Model):
    """The lines that a revision added and removed, so that a list shows the one of a match.

    Beside it `assistants_changed_words` holds their tokens, made by the migration: an FTS5 table on
    SQLite, one with a tsvector on PostgreSQL. A revision without a row is not indexed yet.
    """

    revision = models.OneToOneField(
        Revision, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    added = models.TextField(blank=True, help_text="The first of them, a line each.")
    removed = models.TextField(blank=True, help_text="The first of them, a line each.")

    def __str__(self) -> str:
        return f"changed text of revision {self.revision_id}"


def workspace_token(pk: int) -> str:
    """Return the token that all revisions of a workspace have in the index; so do the others."""
    return f"w{pk}"


def assistant_token(pk: int) -> str:
    return f"a{pk}"


def field_token(name: str) -> str:
    return f"f{name.replace('_', '').lower()[:40]}"
