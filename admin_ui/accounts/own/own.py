"""What people decide about their own account: their name, and how pages look to them."""

from admin_ui.accounts.models import Density, Theme, User

OWN_LOOKS = {"theme": frozenset(Theme.values), "density": frozenset(Density.values)}
"""What may be chosen in one step, from any page."""


def choose_look(*, user: User, name: str, value: str) -> None:
    """Store one choice of `OWN_LOOKS`. Raises `ValueError` for anything else."""
    if value not in OWN_LOOKS.get(name, ()):
        raise ValueError(name)
    User.objects.filter(pk=user.pk).update(**{name: value})
