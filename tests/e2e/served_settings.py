"""Settings of the product with static files of its own, so that serving needs nothing collected."""

from admin_ui.settings import *  # noqa: F403

STATIC_ROOT = DATA_DIR / "static"  # noqa: F405
