"""Errors as SCIM has them (RFC 7644, section 3.12)."""

from typing import Any

from django.http import JsonResponse

from admin_ui.request.api import scim_error

SCIM_TYPE = "application/scim+json"


class ScimError(Exception):
    """Ends a request with a status, a sentence, and one of the words that SCIM has for some."""

    def __init__(
        self, status: int, detail: str, scim_type: str = "", headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.scim_type = scim_type
        self.headers = headers or {}


def invalid(detail: str, scim_type: str = "invalidValue") -> ScimError:
    return ScimError(400, detail, scim_type)


def scim_answer(data: dict[str, Any], status: int = 200, **headers: str) -> JsonResponse:
    return JsonResponse(data, status=status, content_type=SCIM_TYPE, headers=headers)


def scim_error_answer(error: ScimError) -> JsonResponse:
    more = {"scimType": error.scim_type} if error.scim_type else {}
    body = scim_error(error.status, error.detail, **more)
    return scim_answer(body, error.status, **error.headers)
