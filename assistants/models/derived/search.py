from typing import ClassVar

from django.db import models

from assistants.models.assistant import Assistant


class Passage(models.Model):
    """A short piece of what the search finds, so that a list reads only the line of a match.

    Beside it `assistants_words` holds the tokens of each assistant, made by the migration: an FTS5
    table on SQLite, one with tsvectors on PostgreSQL.
    """

    class Field(models.TextChoices):
        """Where it is from, in the order in which a page shows them."""

        DESCRIPTION = "description"
        INSTRUCTIONS = "instructions"
        METADATA = "metadata"
        IDENTITY = "identity"
        NAME = "name"

    assistant = models.ForeignKey(
        Assistant, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    number = models.PositiveIntegerField(help_text="Its place among those of the assistant.")
    field = models.CharField(max_length=12, choices=Field.choices)
    text = models.TextField(help_text="As written.")
    words = models.TextField(help_text="Its folded words and runs, with a space around each.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assistant", "number"], name="passage_of_assistant")
        ]

    def __str__(self) -> str:
        return f"passage {self.number} of {self.assistant_id}"
