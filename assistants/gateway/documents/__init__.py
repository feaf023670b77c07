"""The files and vector stores of an endpoint: adding them, and the documents of a store."""

from assistants.gateway.documents.upload import Upload
from assistants.gateway.documents.values import DocumentPage, StoreDocument

__all__ = ["DocumentPage", "StoreDocument", "Upload"]
