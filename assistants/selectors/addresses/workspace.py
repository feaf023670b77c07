"""The addresses of the pages of one workspace."""

from dataclasses import dataclass

from django.urls import reverse

from admin_ui.accounts.guard.stash import AUTOSAVE
from assistants.selectors.addresses.assistant import AssistantPages
from assistants.selectors.addresses.connection import ConnectionPages


@dataclass(frozen=True, slots=True)
class WorkspacePages:
    """The pages of one workspace; `home` is the address that the others begin with."""

    home: str

    @classmethod
    def of(cls, slug: str) -> "WorkspacePages":
        return cls(reverse("assistants:home", args=[slug]))

    @property
    def list(self) -> str:
        return f"{self.home}assistants/"

    @property
    def start(self) -> str:
        """The choice of what a new assistant starts from."""
        return f"{self.list}start/"

    @property
    def new(self) -> str:
        return f"{self.list}new/"

    @property
    def autosave_new(self) -> str:
        return f"{self.new}{AUTOSAVE}"

    @property
    def preview(self) -> str:
        return f"{self.home}preview/"

    @property
    def changes(self) -> str:
        return f"{self.home}changes/"

    @property
    def requests(self) -> str:
        return f"{self.home}requests/"

    @property
    def as_of(self) -> str:
        """What was live at a moment, of all assistants."""
        return f"{self.home}as-of/"

    @property
    def signed_roots(self) -> str:
        """The signed roots of the history."""
        return f"{self.home}signed/"

    @property
    def connections(self) -> str:
        return f"{self.home}connections/"

    @property
    def connection_new(self) -> str:
        return f"{self.connections}new/"

    @property
    def help(self) -> str:
        return f"{self.home}help/"

    @property
    def palette(self) -> str:
        return f"{self.home}palette/"

    @property
    def templates(self) -> str:
        return f"{self.home}templates/"

    @property
    def metadata_keys(self) -> str:
        return f"{self.home}metadata/"

    @property
    def metadata_suggestions(self) -> str:
        return f"{self.metadata_keys}suggestions/"

    @property
    def remove_samples(self) -> str:
        return f"{self.home}samples/remove/"

    def assistant(self, pk: int) -> AssistantPages:
        return AssistantPages(f"{self.list}{pk}/")

    def connection(self, pk: int) -> ConnectionPages:
        return ConnectionPages(f"{self.connections}{pk}/")
