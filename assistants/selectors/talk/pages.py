"""The addresses of the discussion of a change request, for views and templates."""

from dataclasses import dataclass

from assistants.models import ChangeRequest
from assistants.selectors.change_requests.addresses import ChangeRequestPages


@dataclass(frozen=True, slots=True)
class TalkPages:
    """`root` is the page of the change request, with which the others begin."""

    root: str

    @classmethod
    def of(cls, request: ChangeRequest) -> "TalkPages":
        return cls(ChangeRequestPages.of(request.workspace.slug).request(request.number))

    @property
    def discussion(self) -> str:
        return f"{self.root}discussion/"

    @property
    def comment(self) -> str:
        """The form for a comment; the query says what about."""
        return f"{self.root}comment/"

    @property
    def lines(self) -> str:
        """The lines of the instructions, to choose some."""
        return f"{self.root}lines/"

    @property
    def accept_all(self) -> str:
        return f"{self.root}suggestions/accept/"

    @property
    def threads(self) -> str:
        """What the number of a thread follows in its address."""
        return f"{self.root}threads/"

    def thread(self, pk: int) -> str:
        return f"{self.threads}{pk}/"

    def at_thread(self, pk: int) -> str:
        """The place of a thread on the page of the change request, which shows it then."""
        return f"{self.root}?thread={pk}#thread-{pk}"
