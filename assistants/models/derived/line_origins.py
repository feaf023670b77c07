from typing import ClassVar

from django.db import models

from assistants.diff.origins import Origins
from assistants.models.assistant import Assistant


class LineOrigins(models.Model):
    """Which versions introduced the lines of an assistant's instructions, as of one version."""

    assistant = models.ForeignKey(
        Assistant, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    version = models.PositiveIntegerField()
    packed = models.BinaryField(help_text="`Origins.pack`; it holds no text.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assistant", "version"], name="line_origins_version")
        ]

    def __str__(self) -> str:
        return f"line origins of {self.assistant_id} v{self.version}"

    @property
    def origins(self) -> Origins:
        return Origins.unpack(bytes(self.packed))
