from functools import partial
from typing import Any

import pytest

from admin_ui.accounts.models import Workspace
from assistants.gateway import Endpoint
from tests.faults.remotes import Remote, hasten, running


@pytest.fixture
def new_remote(workspace: Workspace, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Remote:
    """Remotes that are reached directly."""
    hasten(settings, monkeypatch)
    return partial(
        running, workspace, lambda url: Endpoint("openai", url, {"api_key": "sk-secret"}, {})
    )
