"""The JSON of the API: what bodies may hold, and what answers do."""

from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from ninja import Schema
from pydantic import ConfigDict, Field

from admin_ui.accounts.permissions import Role

Number = Annotated[int, Field(ge=0, lt=10**18)]
Filter = Annotated[str, Field(max_length=300)]
PageSize = Annotated[int, Field(ge=1, le=100)]
RoleName = Annotated[Role, Field(strict=False)]
Data = TypeVar("Data")


class Body(Schema):
    """A body refuses fields that it does not know, so that a slip does not go unnoticed."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Page(Schema, Generic[Data]):
    data: list[Data]
    next: str | None = Field(description="The `cursor` of the next page; null on the last one.")


class AssistantOut(Schema):
    id: int
    remote_id: str | None
    name: str
    description: str
    model: str
    tools: list[str] = Field(description="Kinds of tools.")
    state: str
    trouble: str | None = Field(description="What needs a person's eye.")
    version: int | None
    connection: int
    changed_at: datetime
    changed_by: str


class LiveOut(AssistantOut):
    revision: int = Field(description="The revision that is live, as in the ETag; 0 for none.")
    definition: dict[str, Any] | None


class DraftOut(Schema):
    assistant: int
    base: int = Field(description="The revision that was live when the draft was begun.")
    kind: str
    updated_at: datetime
    changed: list[str] = Field(description="Fields that differ from the base.")
    definition: dict[str, Any]


class NewAssistant(Body):
    definition: dict[str, Any]
    connection: Number | None = Field(None, description="By default that of new assistants.")


class DraftIn(Body):
    definition: dict[str, Any] = Field(description="The whole definition.")
    base: Number | None = Field(None, description="In place of If-Match.")


class PublishIn(Body):
    definition: dict[str, Any] | None = Field(None, description="By default that of your draft.")
    base: Number | None = Field(None, description="In place of If-Match.")
    note: str = ""
    over_doubt: bool = Field(False, description="Although an earlier change may still arrive.")


class RestoreIn(Body):
    revision: Number


class SentOut(Schema):
    outcome: str = Field(description="applied, unconfirmed or unchanged.")
    revision: int | None
    version: int | None
    stored_differently: list[str]
    filled_in: list[str]
    remote_id: str | None
    trace_id: str | None


class RevisionOut(Schema):
    revision: int
    version: int | None
    author: str
    drafter: str | None
    note: str
    kind: str
    outcome: str
    message: str
    stored_differently: list[str]
    filled_in: list[str]
    accepted_by: str | None
    trace_id: str
    created_at: str
    changed: list[str]
    definition: dict[str, Any]
    sent: dict[str, Any] | None


class SideOut(Schema):
    revision: int | None
    version: int | None
    definition: dict[str, Any]


class ComparisonOut(Schema):
    assistant: str | None
    changed: list[str]
    old: SideOut
    new: SideOut


class MemberOut(Schema):
    id: int | None = Field(description="Null for an owner who is no member.")
    name: str
    email: str | None = Field(description="Null for a service account.")
    role: str
    is_owner: bool
    is_service: bool
    is_active: bool


class RoleIn(Body):
    role: RoleName
    seen: RoleName | None = Field(None, description="The role that you saw: 409 if it moved.")


class InvitationIn(Body):
    email: Annotated[str, Field(min_length=1, max_length=254)]
    role: RoleName
    name: Annotated[str, Field(max_length=150)] = ""


class InvitationOut(Schema):
    id: int
    email: str
    name: str
    role: str
    state: str = Field(description="open, declined or expired.")
    by_mail: bool = Field(description="Only the address was given the link.")
    created_at: datetime
    created_by: str | None
    expires_at: datetime


class NewInvitationOut(InvitationOut):
    link: str | None = Field(description="Shown this once, where no mail is sent.")
    mail_failed: bool = Field(description="Ask for it again.")


class KeyOut(Schema):
    id: int
    name: str
    prefix: str
    opens: str
    service_account: str | None
    can_write: bool
    assistants: list[str]
    networks: list[str]
    created_at: datetime
    created_by: str | None
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    last_used_from: str | None


class KeyIn(Body):
    service_account: Number
    name: Annotated[str, Field(min_length=1, max_length=100)]
    can_write: bool = False
    expires_in_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    networks: Annotated[list[Annotated[str, Field(max_length=50)]], Field(max_length=20)] = []


class NewKeyOut(KeyOut):
    key: str = Field(description="Shown this once.")


class EventOut(Schema):
    number: int
    at: datetime
    kind: str
    actor: str
    about: str
    details: dict[str, Any]
    address: str
