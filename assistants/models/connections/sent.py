from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone


class Sent:
    """What is sent over a connection at `created_at`, and may arrive late."""

    created_at: datetime

    @property
    def may_arrive_until(self) -> datetime:
        """Until when it may arrive, where the remote gave no clear answer."""
        return self.created_at + timedelta(seconds=settings.LATE_LANDING_SECONDS)

    @property
    def may_arrive(self) -> bool:
        return timezone.now() < self.may_arrive_until
