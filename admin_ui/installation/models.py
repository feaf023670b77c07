from django.db import models


class Release(models.Model):
    """The one row in which the database says which code may run on it.

    Releases are counted from 1; `release.SERIES` lists them.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.PositiveIntegerField(
        default=0, help_text="The newest release that has migrated the database."
    )
    version = models.CharField(max_length=40, blank=True, help_text="Its full version.")
    oldest_number = models.PositiveIntegerField(
        default=0, help_text="The oldest release that may run."
    )
    oldest_version = models.CharField(max_length=40, blank=True)
    incompatible = models.JSONField(
        default=dict, help_text="Applied migrations that code must know, and why."
    )
    written_at = models.DateTimeField(
        null=True, help_text="When a health check last tried whether it can write."
    )

    def __str__(self) -> str:
        return self.version
