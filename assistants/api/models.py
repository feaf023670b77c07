"""Answers that are kept for a day, so that a request sent twice is carried out once."""

from datetime import timedelta

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

ANSWERS_KEPT = timedelta(days=1)


class KeptAnswer(models.Model):
    """The answer to a request with an `Idempotency-Key`; without a status while it is worked on."""

    caller = models.CharField(max_length=40, help_text="Whose key it is.")
    key = models.CharField(max_length=64, help_text="SHA-256 of the Idempotency-Key.")
    request = models.CharField(max_length=64, help_text="SHA-256 of method, address and body.")
    status = models.PositiveSmallIntegerField(null=True)
    body = models.BinaryField(null=True, help_text="Compressed and encrypted.")
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["caller", "key"], name="one_answer_for_a_key")
        ]

    def __str__(self) -> str:
        return f"{self.caller} {self.status}"


def expired_answers() -> QuerySet[KeptAnswer]:
    """Return the answers that are kept no longer."""
    return KeptAnswer.objects.filter(created_at__lt=timezone.now() - ANSWERS_KEPT)
