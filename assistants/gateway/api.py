"""The Assistants API of one endpoint, verb by verb."""

from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import Any
from wsgiref.types import WSGIApplication

from assistants.gateway.answers import (
    JournalPage,
    ListPage,
    RemoteAssistant,
    is_id,
    read_assistant,
    read_changes,
    read_deletion,
    read_models,
    read_page,
)
from assistants.gateway.client import LARGEST_LIST, Client
from assistants.gateway.documents.api import Documents
from assistants.gateway.endpoint import Endpoint
from assistants.gateway.errors import EndlessList, Refused
from assistants.gateway.network import Timeouts
from assistants.gateway.offers import OfferKind, OfferPage, read_offers
from assistants.gateway.signing_in.tokens import ENTRA_URL
from assistants.gateway.transport import Transport, in_process

MOST_LISTED = 100_000
"""The most assistants that one endpoint may list. A longer list is treated as endless."""


class Gateway:
    """One endpoint's assistants. Cheap to make, safe to share between threads.

    `application` is a WSGI application to call in process, without the network. `transport` is
    another way to carry requests. `private_hosts` names ("host" or "host:port") the private and
    loopback hosts that calls may reach; connecting to any other one fails. `unencrypted_hosts`
    names the hosts that may get credentials over http://; by default they are the same. `login_url`
    is the server that gives tokens to endpoints which need one.

    Every method raises a `GatewayError`, logged in one line without any content. `deadline` is a
    `time.monotonic` value at which a call ends, whatever it is doing. In process, it only keeps
    calls from starting. `trace_id` travels with the call, and is generated if not given. Reads are
    repeated up to twice when that may help, writes never. Redirects are not followed.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        timeouts: Timeouts | None = None,
        application: WSGIApplication | None = None,
        transport: Transport | None = None,
        private_hosts: Collection[str] = (),
        unencrypted_hosts: Collection[str] | None = None,
        login_url: str = ENTRA_URL,
    ) -> None:
        if application is not None:
            transport, unencrypted_hosts = in_process(application), [endpoint.host]
        elif endpoint.profile == "registry" and transport is None:
            raise ValueError("the built-in registry is called in process: give its application")
        self._client = Client(
            endpoint,
            timeouts=timeouts or Timeouts(),
            transport=transport,
            private_hosts=private_hosts,
            unencrypted_hosts=private_hosts if unencrypted_hosts is None else unencrypted_hosts,
            login_url=login_url.rstrip("/"),
        )

    @property
    def documents(self) -> Documents:
        """Its files and vector stores."""
        return Documents(self._client)

    def list_page(
        self,
        *,
        after: str | None = None,
        limit: int = 100,
        order: str = "desc",
        deadline: float | None = None,
    ) -> ListPage:
        """Return up to `limit` (1 to 100) assistants after the cursor, in `order` of creation."""
        query = {"limit": str(limit), "order": order} | ({"after": after} if after else {})
        reader = partial(read_page, after=after)
        return self._client.call(
            "GET", "/assistants", reader, query=query, deadline=deadline, largest=LARGEST_LIST
        )

    def list_all(self, *, deadline: float | None = None) -> Iterator[RemoteAssistant]:
        """Yield every assistant once. Ends with the first page that has nothing new.

        Raises `EndlessList` if the list has more than `MOST_LISTED`.
        """
        seen: set[str] = set()
        after: str | None = None
        while True:
            page = self.list_page(after=after, deadline=deadline)
            new = {item.id: item for item in page.items if item.id not in seen}
            yield from new.values()
            seen.update(new)
            if len(seen) > MOST_LISTED:
                raise EndlessList(f"the list has more than {MOST_LISTED:,} assistants")
            after = page.next_after
            if after is None or not new:
                return

    def retrieve(
        self, remote_id: str, *, trace_id: str | None = None, deadline: float | None = None
    ) -> RemoteAssistant:
        """Read one assistant. Raises `AssistantMissing` if none has this ID."""
        return self._client.call(
            "GET",
            _path(remote_id),
            partial(read_assistant, expected_id=remote_id),
            trace_id=trace_id,
            deadline=deadline,
        )

    def create(
        self,
        body: Mapping[str, Any],
        *,
        trace_id: str | None = None,
        deadline: float | None = None,
    ) -> RemoteAssistant:
        """Create an assistant and return it as stored."""
        return self._client.call(
            "POST", "/assistants", read_assistant, body=body, trace_id=trace_id, deadline=deadline
        )

    def modify(
        self,
        remote_id: str,
        body: Mapping[str, Any],
        *,
        trace_id: str | None = None,
        deadline: float | None = None,
        if_match: str | None = None,
    ) -> RemoteAssistant:
        """Change the fields in `body` and return the assistant as stored, which may differ.

        With `if_match` (an `etag`), raises `Changed` if the assistant has another state by now.
        Only some remotes can check this.
        """
        return self._client.call(
            "POST",
            _path(remote_id),
            partial(read_assistant, expected_id=remote_id),
            body=body,
            trace_id=trace_id,
            deadline=deadline,
            if_match=if_match,
        )

    def delete(
        self,
        remote_id: str,
        *,
        trace_id: str | None = None,
        deadline: float | None = None,
        if_match: str | None = None,
    ) -> None:
        """Delete an assistant. `if_match` as in `modify`."""
        self._client.call(
            "DELETE",
            _path(remote_id),
            partial(read_deletion, expected_id=remote_id),
            trace_id=trace_id,
            deadline=deadline,
            if_match=if_match,
        )

    def models(self, *, deadline: float | None = None) -> list[str]:
        """Return the names of the models that the endpoint lists."""
        return self._client.call("GET", "/models", read_models, deadline=deadline)

    def offers(
        self, kind: OfferKind, *, after: str | None = None, deadline: float | None = None
    ) -> OfferPage:
        """Return a page of the endpoint's models, files or vector stores, after the cursor.

        No limit is sent for files, since some servers refuse one; they then list all at once.
        """
        query = {"limit": "100"} if kind == "vector_stores" else {}
        query |= {"after": after} if after else {}
        reader = partial(read_offers, kind=kind, after=after)
        return self._client.call("GET", f"/{kind}", reader, query=query, deadline=deadline)

    def changes(
        self, *, after: int, limit: int = 100, deadline: float | None = None
    ) -> JournalPage:
        """Return up to `limit` (1 to 1000) writes of the registry, numbered above `after`."""
        query = {"after": str(after), "limit": str(limit)}
        return self._client.call(
            "GET", "/changes", read_changes, query=query, deadline=deadline, largest=LARGEST_LIST
        )


def _path(remote_id: str) -> str:
    """Return the address of an assistant. Refuses an ID that could lead to another address."""
    if not is_id(remote_id):
        raise Refused("that is not the id of an assistant", code="invalid_id")
    return f"/assistants/{remote_id}"
