"""What the bodies of requests say: whole resources, and PATCH as Entra ID and Okta send it.

Attributes that we do not have are ignored, as a directory sends all that it knows of a person.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from admin_ui.accounts.scim.errors import invalid
from admin_ui.accounts.scim.groups import GroupFields
from admin_ui.accounts.scim.users import UserFields

MOST_OPERATIONS = 1000
LONGEST_VALUE = 254
_URN = re.compile(r"urn:ietf:params:scim:schemas:core:2\.0:\w+:", re.I)
_PATH = re.compile(r"(\w+)(?:\[\s*(.*?)\s*\])?(?:\.(\w+))?")
_ONE_MEMBER = re.compile(r'value\s+eq\s+"([^"]*)"', re.I)


class PatchStep(NamedTuple):
    """One change of one attribute: `name` and `part` in lower case."""

    op: str
    name: str
    part: str
    condition: str
    value: Any


def user_fields(data: dict[str, Any]) -> UserFields:
    """Return what a whole user says. Raises `ScimError`."""
    fields: UserFields = {"user_name": _text(data.get("userName"), "userName")}
    if not fields["user_name"]:
        raise invalid(_("userName is missing."))
    for name, value in data.items():
        _add_to_user(fields, PatchStep("replace", name.lower(), "", "", value))
    return fields


def patched_user(data: dict[str, Any]) -> UserFields:
    """Return what the operations of a PATCH say of a user. Raises `ScimError`."""
    fields: UserFields = {}
    for step in _steps(data):
        _add_to_user(fields, step)
    return fields


def group_fields(data: dict[str, Any]) -> GroupFields:
    """Return what a whole group says; without `members`, it has none. Raises `ScimError`."""
    name = _text(data.get("displayName"), "displayName")
    if not name:
        raise invalid(_("displayName is missing."))
    fields: GroupFields = {"display_name": name, "members": _members(data.get("members"))}
    if "externalId" in data:
        fields["external_id"] = _text(data["externalId"], "externalId")
    return fields


def patched_group(data: dict[str, Any]) -> GroupFields:
    """Return what the operations of a PATCH say of a group. Raises `ScimError`."""
    fields: GroupFields = {}
    for step in _steps(data):
        _add_to_group(fields, step)
    return fields


def _add_to_user(fields: UserFields, step: PatchStep) -> None:
    value = "" if step.op == "remove" else step.value
    match step.name, step.part:
        case "username", "":
            fields["user_name"] = _text(value, "userName")
        case "displayname", "":
            fields["name"] = _text(value, "displayName") or fields.get("name", "")
        case "name", "" if isinstance(value, dict) and "name" not in fields:
            fields["name"] = _whole_name(value)
        case "name", "formatted" if "name" not in fields:
            fields["name"] = _text(value, "name.formatted")
        case "externalid", "":
            fields["external_id"] = _text(value, "externalId")
        case "active", "":
            fields["active"] = _boolean(value)


def _add_to_group(fields: GroupFields, step: PatchStep) -> None:
    match step.name, step.op:
        case "displayname", "add" | "replace":
            fields["display_name"] = _text(step.value, "displayName")
        case "externalid", _:
            value = "" if step.op == "remove" else step.value
            fields["external_id"] = _text(value, "externalId")
        case "members", "add":
            added = _members(step.value)
            fields["added"] = [*fields.get("added", []), *added]
            gone = [pk for pk in fields.get("removed", []) if pk not in added]
            fields["removed"] = gone
        case "members", "replace":
            fields["members"], fields["added"], fields["removed"] = _members(step.value), [], []
        case "members", "remove":
            _remove_members(fields, step)


def _remove_members(fields: GroupFields, step: PatchStep) -> None:
    if step.condition:
        found = _ONE_MEMBER.fullmatch(step.condition)
        if found is None:
            raise invalid(_("This path is not known."), "invalidPath")
        gone = [found[1]]
    elif step.value is None:
        fields["members"], fields["added"], fields["removed"] = [], [], []
        return
    else:
        gone = _members(step.value)
    fields["removed"] = [*fields.get("removed", []), *gone]
    fields["added"] = [pk for pk in fields.get("added", []) if pk not in gone]


def _steps(data: dict[str, Any]) -> Iterator[PatchStep]:
    operations = next((data[key] for key in data if key.lower() == "operations"), None)
    if not isinstance(operations, list) or not 1 <= len(operations) <= MOST_OPERATIONS:
        text = _("Operations must be a list of 1 to %(most)d.") % {"most": MOST_OPERATIONS}
        raise invalid(text, "invalidSyntax")
    for entry in operations:
        if not isinstance(entry, dict):
            raise invalid(_("An operation is an object."), "invalidSyntax")
        op = str(entry.get("op", "")).lower()
        if op not in ("add", "replace", "remove"):
            raise invalid(_("An operation is add, replace or remove."), "invalidSyntax")
        path, value = entry.get("path"), entry.get("value")
        if path:
            yield from _step(op, path, value)
        elif op == "remove":
            raise invalid(_("An operation that removes needs a path."), "noTarget")
        elif not isinstance(value, dict):
            raise invalid(_("An operation without a path needs an object."))
        else:
            for name, part in value.items():
                yield from _step(op, name, part)


def _step(op: str, path: Any, value: Any) -> Iterator[PatchStep]:
    if not isinstance(path, str) or len(path) > LONGEST_VALUE:
        raise invalid(_("This path is not known."), "invalidPath")
    path = _URN.sub("", path)
    if path.lower().startswith("urn:"):
        return  # an extension that we do not have
    found = _PATH.fullmatch(path)
    if found is None:
        raise invalid(_("This path is not known."), "invalidPath")
    name, condition, part = (text or "" for text in found.groups())
    yield PatchStep(op, name.lower(), part.lower(), condition, value)


def _text(value: Any, attribute: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > LONGEST_VALUE or "\0" in value:
        text = _("%(attribute)s must be a text of at most %(most)d characters.")
        raise invalid(text % {"attribute": attribute, "most": LONGEST_VALUE})
    return value.strip()


def _boolean(value: Any) -> bool:
    """Return a boolean; Entra ID may send it as "False"."""
    if isinstance(value, bool):
        return value
    text = value.lower() if isinstance(value, str) else ""
    if text not in ("true", "false"):
        raise invalid(_("active must be true or false."))
    return text == "true"


def _whole_name(value: dict[str, Any]) -> str:
    if formatted := _text(value.get("formatted"), "name.formatted"):
        return formatted
    parts = (_text(value.get(key), f"name.{key}") for key in ("givenName", "familyName"))
    return " ".join(part for part in parts if part)


def _members(value: Any) -> list[str]:
    entries = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(entry, dict) and "value" in entry for entry in entries):
        raise invalid(_("Each member is an object with a value."))
    return list(dict.fromkeys(_text(entry["value"], "members.value") for entry in entries))
