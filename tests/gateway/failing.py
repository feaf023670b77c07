"""An error as a gateway answers it, and the typed error that a call makes of it."""

import httpx
import pytest

from assistants.gateway import (
    GatewayError,
)
from tests.gateway.wire import (
    CALLS,
    OPENAI,
    Remote,
)


def openai(status, message="No.", code=None, param=None, **headers):
    error = {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    return httpx.Response(status, json={"error": error}, headers=headers)


def failing(answer, call="modify", endpoint=OPENAI) -> GatewayError:
    with pytest.raises(GatewayError) as caught:
        CALLS[call](Remote(answer).gateway(endpoint))
    return caught.value
