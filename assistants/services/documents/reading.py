"""Reading the documents of a vector store for its page."""

from assistants.gateway import DocumentPage, GatewayError
from assistants.models import Connection
from assistants.services.connections import admission
from assistants.services.connections.client import gateway_for
from assistants.services.documents.looking import settle_store


def read_store(*, connection: Connection, store_id: str, after: str | None = None) -> DocumentPage:
    """Return a page of the documents of a store, the newest first, after the cursor.

    Settles the open changes of the store first. Takes at most `GATEWAY_CHECK_DEADLINE` seconds.
    Raises `NotNow` and `GatewayError`, which is no trouble of the connection.
    """
    errand = admission.GLANCE_AT_STORE
    with admission.admitted(connection, errand):
        settle_store(connection=connection, store_id=store_id, errand=errand)
        try:
            documents = gateway_for(connection).documents
            page = documents.page(store_id, after=after, deadline=admission.deadline())
        except GatewayError as error:
            admission.count_failure(connection, error)
            raise
        admission.count_answer(connection)
    return page
