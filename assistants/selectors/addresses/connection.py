"""The addresses of the pages of one connection."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConnectionPages:
    """The pages of one connection."""

    root: str

    @property
    def edit(self) -> str:
        return f"{self.root}edit/"

    @property
    def default(self) -> str:
        return f"{self.root}default/"

    @property
    def remove(self) -> str:
        return f"{self.root}remove/"

    @property
    def archive(self) -> str:
        return f"{self.root}archive/"

    @property
    def reopen(self) -> str:
        return f"{self.root}reopen/"

    @property
    def test(self) -> str:
        return f"{self.root}test/"

    @property
    def bring_in(self) -> str:
        return f"{self.root}bring-in/"

    @property
    def offers(self) -> str:
        return f"{self.root}offers/"

    @property
    def knowledge(self) -> str:
        return f"{self.root}knowledge/"

    @property
    def files(self) -> str:
        return f"{self.root}files/"

    @property
    def file_upload(self) -> str:
        return f"{self.files}upload/"

    @property
    def store_new(self) -> str:
        return f"{self.root}stores/new/"

    @property
    def store(self) -> str:
        """The pages of a vector store; the query names it, since its ID may hold anything."""
        return f"{self.root}store/"

    @property
    def store_documents(self) -> str:
        return f"{self.store}documents/"

    @property
    def document_add(self) -> str:
        return f"{self.store}add/"

    @property
    def document_remove(self) -> str:
        return f"{self.store}remove/"
