"""The lease of a job: only its holder does the next step."""

import time
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from assistants.models import Job

LEASE = timedelta(seconds=150)
"""Longer than a check of one assistant can take: two calls of a minute each."""
READS_A_STEP = 20
SECONDS_A_STEP = 10.0

SAVED_FIELDS = (
    "status", "cursor", "seen_pks", "calls", "not_before", "waits", "pages", "seen", "added",
    "changed", "missing", "failures", "error", "finished_at", "lease_until",
)  # fmt: skip


class TakenOver(Exception):
    """The lease ran out during a step, and somebody else has repeated the step."""


class JobStep:
    """The permission to do one step of `job`, short enough for a web page to wait for it."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._reads = READS_A_STEP
        self._ends = 0.0

    def has_time(self) -> bool:
        """Return whether there is time for another assistant; always true for the first.

        Raises `TakenOver` if the lease was lost.
        """
        now = time.monotonic()
        self._ends = self._ends or now + SECONDS_A_STEP
        if now > self._ends:
            return False
        self._renew()
        return True

    def may_read(self) -> bool:
        """Use up one of the few reads of a single assistant; False if none is left."""
        self._reads -= 1
        return self._reads >= 0

    def end(self, *, pause: float = 0.0) -> Job:
        """Store the progress of the job and let others continue, after `pause` seconds.

        The end of the lease shows when somebody last worked at it. Returns the current job, which
        somebody else has changed if the lease was lost.
        """
        job, held = self.job, self.job.lease_until
        job.lease_until = timezone.now() + timedelta(seconds=pause)
        values = {name: getattr(job, name) for name in SAVED_FIELDS}
        mine = Job.objects.filter(pk=job.pk, lease_until=held).update(**values)
        return job if mine else fresh(job.pk)

    def _renew(self) -> None:
        now, held = timezone.now(), self.job.lease_until
        if held is not None and held - now > LEASE * 0.9:
            return
        if not Job.objects.filter(pk=self.job.pk, lease_until=held).update(lease_until=now + LEASE):
            raise TakenOver
        self.job.lease_until = now + LEASE


def take_lease(job: Job) -> JobStep | None:
    """Take the lease of a running job that is due; None if it is taken, or nothing is due."""
    now = timezone.now()
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    due = Q(not_before__isnull=True) | Q(not_before__lte=now)
    mine = Job.objects.filter(free, due, pk=job.pk, status=Job.Status.RUNNING)
    return JobStep(fresh(job.pk)) if mine.update(lease_until=now + LEASE) else None


def hold_off(job: Job) -> None:
    """Store that somebody works at a job but cannot do the next step now."""
    now = timezone.now()
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    Job.objects.filter(free, pk=job.pk, status=Job.Status.RUNNING).update(lease_until=now)


def fresh(pk: int) -> Job:
    """Return the job as it is in the database."""
    return Job.objects.select_related("connection__workspace", "started_by").get(pk=pk)
