"""What each address needs, and how it answers those who have it: one row for each.

A new address needs a row. `get`, `post` and `delete` are the statuses for people who may use it,
of a request that is empty but for `query`. `refusal` in `test_matrix` says what others get.
"""

from enum import Enum
from typing import Any, NamedTuple

from admin_ui.accounts.permissions import Action


class Audience(Enum):
    """Who may use an address that needs no action in a workspace."""

    ANYBODY = "also people who are not signed in"
    SIGNED_IN = "everybody who is signed in"
    OWNERS = "owners"
    KEYS = "applications with an API key"
    DIRECTORIES = "directories with a token (tests/scim/test_endpoint.py)"


NO_METHOD = 405


class Row(NamedTuple):
    needs: Action | Audience
    get: int = NO_METHOD
    post: int = NO_METHOD
    put: int = NO_METHOD
    delete: int = NO_METHOD
    body: dict[str, Any] | None = None
    """What is sent as JSON; such an address answers in JSON, and is asked for its own methods only:
    others at the same place have rows of their own."""
    query: str = ""
    sends: bool = False
    """Whether its POST calls a gateway, which no transaction may span."""
    but: dict[str, int] = {}
    """Other statuses, by method and person: "get viewer"."""

    def status(self, method: str, person: str) -> int:
        return self.but.get(f"{method} {person}", getattr(self, method))


A, OPEN, OWN, OWNERS, KEYS, DIRECTORIES = (
    Action,
    Audience.ANYBODY,
    Audience.SIGNED_IN,
    Audience.OWNERS,
    Audience.KEYS,
    Audience.DIRECTORIES,
)
STORE = "?id=vs_help&file=file-faq"
IN = {"get anonymous": 200, "post anonymous": 200}
OUT = {"get anonymous": 302, "post anonymous": 302}

SITE = {
    "healthz": Row(OPEN, 200),
    "csp_report": Row(OPEN, 405, 400),
    "icons": Row(OPEN, 200, 200),
    "home": Row(OPEN, 302, but={"get owner": 200}),
    "setup_form": Row(OPEN, 404, 404),
    "setup": Row(OPEN, 404, 404),
    "account_login": Row(OPEN, 302, 302, but=IN),
    "account_logout": Row(OPEN, 200, 302, but=OUT),
    "account_inactive": Row(OPEN, 200),
    "openid_connect_login": Row(OPEN, 404),
    "openid_connect_callback": Row(OPEN, 404),
    "saml_login": Row(OPEN, 404),
    "saml_acs": Row(OPEN, 405, 404),
    "saml_finish_acs": Row(OPEN, 404),
    "saml_metadata": Row(OPEN, 404),
    "account_signup": Row(OPEN, 302, 302, but=IN),
    "invitation_form": Row(OPEN, 404, 404),
    "invitation_decline": Row(OPEN, post=404),
    "invitation": Row(OPEN, 404, 404),
    "invitation_accept": Row(OWN, post=404),
    "invitation_decline_on_home": Row(OWN, post=404),
    "join_ask": Row(OPEN, 200, 422),
    "join_sent": Row(OPEN, 200),
    "join_form": Row(OPEN, 404, 404),
    "join": Row(OPEN, 404, 404),
    "account_change_password": Row(OWN, 302, 302),
    "account_reset_password": Row(OPEN, 200, 200),
    "account_reset_password_done": Row(OPEN, 200),
    "account_reset_password_from_key": Row(OPEN, 200, 200),
    "account_reset_password_from_key_done": Row(OPEN, 200),
    "notices:inbox": Row(OWN, 200),
    "notices:open": Row(OWN, 404),
    "notices:mail": Row(OWN, post=303),
    "unsubscribe": Row(OPEN, 404, 404),
    "notices:mark": Row(OWN, post=303),
    "own:workspaces": Row(OWN, 200),
    "own:end_session": Row(OWN, post=303),
    "own:end_others": Row(OWN, post=303),
    "own:second_factor": Row(OWN, 200),
    "own:account": Row(OWN, 200, 422),
    "own:hide_steps": Row(OWN, post=303),
    "own:choose": Row(OWN, post=400),
    "erasures": Row(OWNERS, 200, 422),
    "people:background": Row(OWNERS, 200),
    "people:audit": Row(OWNERS, 200),
    "people:workspaces": Row(OWNERS, 200, 422),
    "people:workspace_archive": Row(OWNERS, 200, 303),
    "people:workspace_reopen": Row(OWNERS, post=303),
    "people:domains": Row(OWNERS, 200, 422),
    "people:domain_withdraw": Row(OWNERS, post=303),
    "people:directories": Row(OWNERS, 200, 422),
    "people:directory": Row(OWNERS, 200, 200),
    "people:directory_token": Row(OWNERS, 200, 303),
    "people:directory_end": Row(OWNERS, 200, 303),
    "people:directory_group": Row(OWNERS, post=303),
    "people:list": Row(OWNERS, 200),
    "people:deactivate": Row(OWNERS, 200, 303),
    "people:reactivate": Row(OWNERS, post=303),
    "people:promote": Row(OWNERS, 200, 303),
    "people:demote": Row(OWNERS, 404, 404),
    "people:reset_factors": Row(OWNERS, 200, 303),
}
FACTORS = {
    "mfa_index": Row(OPEN, 302, 302),
    "mfa_authenticate": Row(OPEN, 302, 302),
    "mfa_activate_totp": Row(OWN, 200, 200),
    "mfa_deactivate_totp": Row(OWN, 404, 404),
    "mfa_view_recovery_codes": Row(OWN, 404),
    "mfa_generate_recovery_codes": Row(OWN, 200, 200),
    "mfa_list_webauthn": Row(OPEN, 302, 302),
    "mfa_add_webauthn": Row(OWN, 200, 200),
    "mfa_remove_webauthn": Row(OWN, 404, 404),
    "mfa_login_webauthn": Row(OPEN, 302, 302, but={"get anonymous": 200}),
    # Nobody of the cast has a password or a factor to confirm with.
    "account_reauthenticate": Row(OWN, 403, 403),
    "mfa_reauthenticate": Row(OWN, 403, 403),
    "mfa_reauthenticate_webauthn": Row(OWN, 403, 403),
}
PEOPLE = {
    "accounts:team": Row(A.VIEW, 200),
    "accounts:team_add": Row(A.MANAGE_TEAM, 302, 422),
    "accounts:team_invite": Row(A.MANAGE_TEAM, 200, 422),
    "accounts:team_role": Row(A.MANAGE_TEAM, 303, 422),
    "accounts:invitation_again": Row(A.MANAGE_TEAM, post=303),
    "accounts:invitation_revoke": Row(A.MANAGE_TEAM, post=303),
    "accounts:team_remove": Row(A.MANAGE_TEAM, 200, 303),
    "assistants:member_limits": Row(A.MANAGE_TEAM, 200, 303),
    "accounts:keys": Row(A.MANAGE_KEYS, 200, 422),
    "accounts:key_assistants": Row(A.MANAGE_KEYS, 200),
    "accounts:key_replace": Row(A.MANAGE_KEYS, 200, 422),
    "accounts:key_revoke": Row(A.MANAGE_KEYS, 200, 303),
    "accounts:service_accounts": Row(A.MANAGE_KEYS, 200, 422),
    "accounts:service_account": Row(A.MANAGE_KEYS, 200, 422),
    "accounts:service_account_change": Row(A.MANAGE_KEYS, post=422),
    "accounts:service_account_active": Row(A.MANAGE_KEYS, post=303),
    "accounts:service_account_delete": Row(A.MANAGE_KEYS, 200, 303),
    "accounts:audit": Row(A.READ_AUDIT, 200),
    "accounts:settings": Row(A.MANAGE_WORKSPACE, 200, 422),
}
ASSISTANTS = {
    "assistants:home": Row(A.VIEW, 200),
    "assistants:remove_samples": Row(A.DELETE, 200, 303),
    "assistants:list": Row(A.VIEW, 200),
    "assistants:start": Row(A.CREATE, 200, 404),
    "assistants:new": Row(A.CREATE, 200, 422),
    "assistants:autosave_new": Row(A.CREATE, post=200),
    "assistants:detail": Row(A.VIEW, 302, but={"get viewer": 200}),
    "assistants:edit": Row(A.VIEW, 200, 303, but={"get viewer": 302, "post viewer": 403}),
    "assistants:autosave": Row(A.EDIT_DRAFT, post=200),
    "assistants:check": Row(A.VIEW, 200),
    "assistants:here": Row(A.EDIT_DRAFT, post=200),
    "assistants:review": Row(A.EDIT_DRAFT, 303, 303),
    "assistants:change_requests": Row(A.VIEW, 200),
    "assistants:change_request": Row(
        A.VIEW, 200, 409, but={"post viewer": 403, "post editor": 403, "post narrowed": 403}
    ),
    "assistants:freezes": Row(
        A.VIEW,
        200,
        422,
        but={f"post {who}": 403 for who in ("viewer", "editor", "publisher", "narrowed")},
    ),
    "assistants:freeze_remove": Row(A.MANAGE_APPROVALS, post=303),
    "assistants:approval_policy": Row(
        A.VIEW,
        200,
        303,
        but={f"post {who}": 403 for who in ("viewer", "editor", "publisher", "narrowed")},
    ),
    "assistants:request_discussion": Row(A.VIEW, 200),
    "assistants:request_comment": Row(A.REVIEW, 200, 422),
    "assistants:request_lines": Row(A.VIEW, 200),
    "assistants:request_thread": Row(A.REVIEW, 200, 422),
    # Only the author of a change request accepts, who is none of those who ask.
    "assistants:accept_suggestions": Row(A.EDIT_DRAFT, post=403),
    "assistants:submit_draft": Row(A.EDIT_DRAFT, 303, 303),
    "assistants:submit_delete": Row(A.EDIT_DRAFT, 200, 422),
    "assistants:discard": Row(A.EDIT_DRAFT, 302, 303),
    "assistants:earlier_states": Row(A.EDIT_DRAFT, 200),
    "assistants:got_it": Row(A.EDIT_DRAFT, post=303),
    "assistants:earlier_state": Row(A.EDIT_DRAFT, 200, 303),
    "assistants:take_over": Row(A.PUBLISH, post=303),
    "assistants:return_to_author": Row(A.PUBLISH, 200, 422),
    "assistants:discard_theirs": Row(A.PUBLISH, 200, 409),
    "assistants:code": Row(A.VIEW, 200),
    "assistants:history": Row(A.VIEW, 200),
    "assistants:revision": Row(A.VIEW, 200),
    "assistants:accept": Row(A.PUBLISH, post=302),
    "assistants:revision_name": Row(A.PUBLISH, 200, 303),
    "assistants:claim": Row(A.PUBLISH, post=303),
    "assistants:send_again": Row(A.PUBLISH, 303, 303),
    "assistants:as_of": Row(A.VIEW, 200),
    "assistants:versions": Row(A.VIEW, 200),
    "assistants:lines": Row(A.VIEW, 200),
    "assistants:previous": Row(A.PUBLISH, 200, 409),
    "assistants:compare": Row(A.VIEW, 200),
    "assistants:compare_with": Row(A.VIEW, 200),
    "assistants:restore": Row(A.PUBLISH, 200, 303),
    "assistants:restore_parts": Row(A.PUBLISH, 200, 422),
    "assistants:delete": Row(A.DELETE, 200, 409, sends=True),
    "assistants:recreate": Row(A.DELETE, 303, 303),
    "assistants:follow": Row(A.VIEW, post=303),
    "assistants:duplicate": Row(A.CREATE, post=303),
    "assistants:save_template": Row(A.KEEP_TEMPLATES, 200, 422),
    "assistants:settle": Row(A.EDIT_DRAFT, post=303),
    "assistants:preview": Row(A.EDIT_DRAFT, post=200),
    "assistants:palette": Row(A.VIEW, 302),
    "assistants:help": Row(A.VIEW, 200),
    "assistants:templates": Row(A.VIEW, 200),
    "assistants:template_edit": Row(A.KEEP_TEMPLATES, 200, 422),
    "assistants:template_delete": Row(A.KEEP_TEMPLATES, 200, 303),
    "assistants:metadata_keys": Row(A.VIEW, 200),
    "assistants:metadata_suggestions": Row(A.EDIT_DRAFT, 200),
    "assistants:metadata_key_new": Row(A.MANAGE_METADATA, 200, 422),
    "assistants:metadata_key_edit": Row(A.MANAGE_METADATA, 200, 422),
    "assistants:metadata_key_remove": Row(A.MANAGE_METADATA, post=303),
    "assistants:changes": Row(A.VIEW, 200),
    "assistants:workspace_as_of": Row(A.VIEW, 200),
    "assistants:signed_roots": Row(A.READ_AUDIT, 200),
    "assistants:sign_now": Row(A.READ_AUDIT, post=303),
    "assistants:export_whole": Row(A.READ_AUDIT, post=200),
    "assistants:evidence": Row(A.READ_AUDIT, 200, 422),
    "assistants:root_file": Row(A.READ_AUDIT, 404),
}
WEBHOOKS = {
    "assistants:webhooks": Row(A.MANAGE_WORKSPACE, 200),
    "assistants:webhook_new": Row(A.MANAGE_WORKSPACE, 200, 422),
    "assistants:webhook": Row(A.MANAGE_WORKSPACE, 200),
    "assistants:webhook_edit": Row(A.MANAGE_WORKSPACE, 200, 422),
    "assistants:webhook_secret": Row(A.MANAGE_WORKSPACE, 200, 303),
    "assistants:webhook_test": Row(A.MANAGE_WORKSPACE, post=303),
    "assistants:webhook_disable": Row(A.MANAGE_WORKSPACE, post=303),
    "assistants:webhook_enable": Row(A.MANAGE_WORKSPACE, post=303),
    "assistants:webhook_delete": Row(A.MANAGE_WORKSPACE, 200, 303),
    "assistants:webhook_delivery": Row(A.MANAGE_WORKSPACE, 200),
    "assistants:webhook_redeliver": Row(A.MANAGE_WORKSPACE, post=303),
}
CONNECTIONS = {
    "assistants:connections": Row(A.VIEW, 200),
    "assistants:connection_new": Row(A.MANAGE_CONNECTIONS, 200, 422),
    "assistants:connection_edit": Row(A.MANAGE_CONNECTIONS, 200, 422),
    "assistants:connection_default": Row(A.MANAGE_CONNECTIONS, post=303),
    "assistants:connection_remove": Row(A.MANAGE_CONNECTIONS, 200, 409),
    "assistants:connection_archive": Row(A.MANAGE_CONNECTIONS, 200, 409),
    "assistants:connection_reopen": Row(A.MANAGE_CONNECTIONS, post=303),
    "assistants:connection_test": Row(A.MANAGE_CONNECTIONS, post=303),
    "assistants:connection_knowledge": Row(A.EDIT_DRAFT, 200),
    "assistants:connection_offers": Row(A.EDIT_DRAFT, post=200),
    "assistants:connection_files": Row(A.VIEW, 200),
    "assistants:file_upload": Row(A.ADD_FILES, 200, 422, sends=True),
    "assistants:store_new": Row(A.ADD_FILES, 200, 422, sends=True),
    "assistants:store": Row(A.VIEW, 200, query=STORE),
    "assistants:store_documents": Row(A.VIEW, 200, query=STORE),
    "assistants:document_add": Row(A.CHANGE_DOCUMENTS, 200, 409, query=STORE, sends=True),
    "assistants:document_remove": Row(A.CHANGE_DOCUMENTS, 200, 409, query=STORE, sends=True),
    "assistants:bring_in": Row(A.BRING_IN, 200, 303),
    "assistants:bring_in_step": Row(A.BRING_IN, post=303),
}
REGISTRY = {
    "v1": Row(KEYS, 404, 404, delete=404),
    "v1/": Row(KEYS, 404, 404, delete=404),
    **{
        f"v1/{below}{route}": row
        for below in ("", "openai/")
        for route, row in {
            "assistants": Row(KEYS, 200, 400),
            "assistants/<str:assistant_id>": Row(KEYS, 404, 404, delete=404),
            "models": Row(KEYS, 200),
            "models/<path:name>": Row(KEYS, 404),
            "changes": Row(KEYS, 404),
        }.items()
    },
}
NONE: dict[str, Any] = {}
DEFINITION = {"definition": {"name": "N", "model": "m"}, "base": 2}
API = {
    "api:description": Row(OPEN, 200),
    "api:openapi": Row(OPEN, 200),
    "api:assistants_search": Row(A.VIEW, 200, body=NONE),
    "api:assistants_create": Row(A.CREATE, post=201, body={"definition": {"model": "m"}}),
    "api:assistants_read": Row(A.VIEW, 200, body=NONE),
    "api:assistants_delete": Row(A.DELETE, delete=409, body=NONE, sends=True),
    "api:draft_read": Row(A.EDIT_DRAFT, 404, body=NONE),
    "api:draft_save": Row(A.EDIT_DRAFT, put=200, body=DEFINITION),
    "api:draft_discard": Row(A.EDIT_DRAFT, delete=404, body=NONE),
    "api:assistants_publish": Row(A.PUBLISH, post=404, body=NONE),
    "api:assistants_restore": Row(A.PUBLISH, post=200, body={"revision": 1}),
    "api:history_list": Row(A.VIEW, 200, body=NONE),
    "api:history_read": Row(A.VIEW, 200, body=NONE),
    "api:history_compare": Row(A.VIEW, 200, body=NONE),
    "api:members_list": Row(A.MANAGE_TEAM, 200, body=NONE),
    # People change teams and keys on the pages, which ask them to confirm who they are.
    "api:members_change_role": Row(A.MANAGE_TEAM, put=403, body={"role": "viewer"}),
    "api:members_remove": Row(A.MANAGE_TEAM, delete=403, body=NONE),
    "api:invitations_list": Row(A.MANAGE_TEAM, 200, body=NONE),
    "api:invitations_create": Row(A.MANAGE_TEAM, post=403, body=NONE),
    "api:invitations_repeat": Row(A.MANAGE_TEAM, post=403, body=NONE),
    "api:invitations_revoke": Row(A.MANAGE_TEAM, post=403, body=NONE),
    "api:service_accounts_list": Row(A.MANAGE_KEYS, 200, body=NONE),
    "api:keys_list": Row(A.MANAGE_KEYS, 200, body=NONE),
    "api:keys_create": Row(A.MANAGE_KEYS, post=403, body={"service_account": 1, "name": "K"}),
    "api:keys_revoke": Row(A.MANAGE_KEYS, post=403, body=NONE),
    "api:audit_list": Row(A.READ_AUDIT, 200, body=NONE),
    "api/w/(?P<ws>[-a-zA-Z0-9_]+)/": Row(OWN, 404, 404, 404, 404, body=NONE),
    "api/": Row(OWN, 404, 404, 404, 404, body=NONE),
}
SCIM = {
    name: Row(DIRECTORIES)
    for name in (
        "scim:users",
        "scim:user",
        "scim:groups",
        "scim:group",
        "scim:provider_config",
        "scim:resource_types",
        "scim:resource_type",
        "scim:schemas",
        "scim:schema",
        "scim/v2/",
    )
}
TABLE: dict[str, Row] = {
    **SITE,
    **FACTORS,
    **PEOPLE,
    **ASSISTANTS,
    **WEBHOOKS,
    **CONNECTIONS,
    **REGISTRY,
    **API,
    **SCIM,
}
