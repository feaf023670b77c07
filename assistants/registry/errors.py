"""Refusals in the words and the shape of OpenAI's API."""

from collections.abc import Mapping
from math import ceil
from typing import Any

from admin_ui.request.api import error_object
from assistants.registry.offers import instead_of


class ApiError(Exception):
    """Ends a request with `status` and an error object."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        kind: str = "invalid_request_error",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.param = param
        self.kind = kind
        self.headers = headers or {}

    @property
    def body(self) -> dict[str, Any]:
        return error_object(self.message, kind=self.kind, param=self.param, code=self.code)


def no_key() -> ApiError:
    return ApiError(
        401,
        "You didn't provide an API key. You need to provide your API key in an Authorization "
        "header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY), or in an api-key or "
        "x-portkey-api-key header.",
        code="invalid_api_key",
        headers={"WWW-Authenticate": "Bearer"},
    )


def wrong_key_error() -> ApiError:
    return ApiError(
        401,
        "Incorrect API key provided. Ask an admin of the workspace for a key.",
        code="invalid_api_key",
        headers={"WWW-Authenticate": "Bearer"},
    )


def wrong_network() -> ApiError:
    return ApiError(
        401,
        "This API key may not be used from your network address. Ask an admin of the workspace to "
        "allow the address, or for another key.",
        code="ip_not_authorized",
    )


def several_keys() -> ApiError:
    return ApiError(
        401,
        "Two different API keys were provided, in two of the headers Authorization, api-key and "
        "x-portkey-api-key. Send only the one that this request is for.",
        code="invalid_api_key",
        headers={"WWW-Authenticate": "Bearer"},
    )


def needs_approval() -> ApiError:
    return ApiError(
        403,
        "People must approve this change, or nothing may be published now. No API key can ask "
        "them. Make the change in the dashboard, or ask an admin to exempt the key.",
        code="approval_required",
    )


def read_only_key() -> ApiError:
    return ApiError(
        403,
        "You have insufficient permissions for this operation. This API key may read but not "
        "write; ask an admin of the workspace for a key that may write.",
        code="insufficient_permissions",
    )


def key_of_chosen() -> ApiError:
    return ApiError(
        403,
        "You have insufficient permissions for this operation. This API key is limited to chosen "
        "assistants, so it cannot create one; ask an admin of the workspace for a key that may.",
        code="insufficient_permissions",
    )


def rate_limit_error(what: str, limit: float, seconds: float) -> ApiError:
    """`limit` of `what` a minute are spent; there is one again in `seconds`."""
    wait = max(1, ceil(seconds))
    return ApiError(
        429,
        f"Rate limit reached for requests ({what}). Limit: {limit:g} / min. Please try again in "
        f"{wait}s.",
        code="rate_limit_exceeded",
        kind="requests",
        headers={"Retry-After": str(wait)},
    )


def beta_header(value: str | None) -> ApiError:
    if value is None:
        message = (
            "You must provide the 'OpenAI-Beta' header to access the Assistants API. Please try "
            "again by setting the header 'OpenAI-Beta: assistants=v2'."
        )
    else:
        message = (
            f"Invalid value for the 'OpenAI-Beta' header: '{value}'. Please try again by setting "
            "the header 'OpenAI-Beta: assistants=v2'."
        )
    return ApiError(400, message, code="invalid_beta")


def unknown_url(method: str, path: str) -> ApiError:
    return ApiError(404, f"Invalid URL ({method} {path}). {instead_of(path)}")


def wrong_method(method: str, path: str, allowed: list[str]) -> ApiError:
    return ApiError(
        405, f"Invalid method for URL ({method} {path})", headers={"Allow": ", ".join(allowed)}
    )


def placeholder_model(value: str) -> ApiError:
    return ApiError(
        400,
        f"Invalid value: '{value}'. Portkey's SDK for Python sends this for a model that was not "
        "given. It would replace the assistant's model. Send the assistant's own model with each "
        "change, or use the openai SDK with this registry.",
        code="invalid_value",
        param="model",
    )


def no_assistant(public_id: str) -> ApiError:
    return ApiError(404, f"No assistant found with id '{public_id}'.")


def no_model(name: str) -> ApiError:
    return ApiError(
        404, f"The model '{name}' does not exist", code="model_not_found", param="model"
    )


def changed_meanwhile(public_id: str) -> ApiError:
    return ApiError(
        412,
        f"The assistant '{public_id}' has changed since you read it: If-Match does not name its "
        "current ETag. Read it again.",
        code="precondition_failed",
    )


def unreadable_body() -> ApiError:
    return ApiError(
        400,
        "We could not parse the JSON body of your request. The API expects a JSON object, in "
        "UTF-8, but what was sent was not valid JSON.",
    )


def duplicate_key(name: str) -> ApiError:
    return ApiError(
        400,
        f"Invalid JSON: the key '{name}' comes more than once in one object.",
        code="duplicate_key",
        param=name,
    )


def no_length() -> ApiError:
    return ApiError(411, "Send the body with a Content-Length, without a Transfer-Encoding.")


def body_too_large(limit: int) -> ApiError:
    return ApiError(
        413,
        f"The body of your request is too large. Expected at most {limit} bytes.",
        code="request_too_large",
    )


def wrong_type(param: str, expected: str, got: str) -> ApiError:
    return ApiError(
        400,
        f"Invalid type for '{param}': expected {expected}, but got {got} instead.",
        code="invalid_type",
        param=param,
    )


def out_of_range(param: str, value: int, *, minimum: int, maximum: int | None) -> ApiError:
    if value < minimum:
        side, code = (
            f"below minimum value. Expected a value >= {minimum}",
            "integer_below_min_value",
        )
    else:
        side, code = (
            f"above maximum value. Expected a value <= {maximum}",
            "integer_above_max_value",
        )
    return ApiError(
        400, f"Invalid '{param}': integer {side}, but got {value} instead.", code=code, param=param
    )


def wrong_value(param: str, value: str, supported: str) -> ApiError:
    return ApiError(
        400,
        f"Invalid value: '{value}'. Supported values are: {supported}.",
        code="invalid_value",
        param=param,
    )


def unknown_cursor(param: str, value: str) -> ApiError:
    return ApiError(
        400,
        f"Invalid '{param}': no assistant found with id '{value}'.",
        code="invalid_value",
        param=param,
    )


def malformed_request() -> ApiError:
    return ApiError(400, "The request could not be understood.")


def database_busy_error() -> ApiError:
    return ApiError(
        503,
        "The registry cannot reach its database right now. Please try again in 1s.",
        kind="server_error",
        headers={"Retry-After": "1"},
    )


def internal() -> ApiError:
    return ApiError(
        500,
        "The server had an error while processing your request. Sorry about that!",
        kind="server_error",
    )
