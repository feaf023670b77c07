from django.db import models
from django.utils import timezone


class TaskWorker(models.Model):
    """A running process of `manage.py work`. Its row goes when it ends or is found dead."""

    name = models.CharField(max_length=32, primary_key=True)
    place = models.CharField(max_length=200, help_text="The machine; see `alive.this_place`.")
    pid = models.PositiveIntegerField()
    beat = models.PositiveBigIntegerField(
        default=0, help_text="Grows every few seconds. Others compare it, and no clocks."
    )
    seen_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class TaskKey(models.Model):
    """The key of a task that is queued or running: at most one task has it."""

    key = models.CharField(max_length=200, primary_key=True)
    task_id = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return self.key


class Recurring(models.Model):
    """An entry of `settings.TIMETABLE`, and the newest of its times for which a task was queued."""

    name = models.CharField(max_length=60, primary_key=True)
    slot = models.BigIntegerField(default=-1, help_text="Number of that time; see `timetable`.")
    queued_at = models.DateTimeField(null=True)
    task_id = models.UUIDField(null=True)

    def __str__(self) -> str:
        return self.name
