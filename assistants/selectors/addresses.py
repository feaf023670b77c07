"""The addresses of the pages below a workspace, for selectors and templates.

They are joined, since a list has too many of them for `reverse`. A test compares each with
`urls.py`.
"""

from dataclasses import dataclass

from django.urls import reverse

from admin_ui.accounts.guard.stash import AUTOSAVE
from assistants.models import Assistant


@dataclass(frozen=True, slots=True)
class AssistantPages:
    """The pages of one assistant; `detail` is the address that the others begin with."""

    detail: str

    @classmethod
    def of(cls, assistant: Assistant) -> "AssistantPages":
        return WorkspacePages.of(assistant.workspace.slug).assistant(assistant.pk)

    @property
    def edit(self) -> str:
        return f"{self.detail}edit/"

    @property
    def autosave(self) -> str:
        return f"{self.edit}{AUTOSAVE}"

    @property
    def check(self) -> str:
        return f"{self.detail}check/"

    @property
    def here(self) -> str:
        return f"{self.detail}here/"

    @property
    def review(self) -> str:
        return f"{self.detail}review/"

    @property
    def discard(self) -> str:
        return f"{self.detail}discard/"

    @property
    def code(self) -> str:
        return f"{self.detail}code/"

    @property
    def history(self) -> str:
        return f"{self.detail}history/"

    @property
    def as_of(self) -> str:
        """What was live at a moment."""
        return f"{self.detail}as-of/"

    @property
    def previous(self) -> str:
        """Going back to the version before the live one."""
        return f"{self.detail}previous/"

    @property
    def versions(self) -> str:
        """The versions along time."""
        return f"{self.detail}versions/"

    @property
    def lines(self) -> str:
        """Who wrote each line of the instructions."""
        return f"{self.detail}lines/"

    @property
    def delete(self) -> str:
        return f"{self.detail}delete/"

    @property
    def duplicate(self) -> str:
        return f"{self.detail}duplicate/"

    @property
    def save_template(self) -> str:
        return f"{self.detail}save-as-template/"

    @property
    def recreate(self) -> str:
        return f"{self.detail}recreate/"

    @property
    def settle(self) -> str:
        return f"{self.detail}settle/"

    @property
    def compare_draft(self) -> str:
        """What the person's draft changes in what is live."""
        return self.compare("live", "draft")

    @property
    def earlier(self) -> str:
        return f"{self.detail}earlier/"

    @property
    def got_it(self) -> str:
        return f"{self.earlier}got-it/"

    def earlier_state(self, pk: int) -> str:
        return f"{self.earlier}{pk}/"

    def review_of(self, user: int) -> str:
        """The review of a colleague's draft."""
        return f"{self.review}?drafter={user}"

    def revision(self, number: int) -> str:
        return f"{self.history}{number}/"

    def accept(self, number: int) -> str:
        return f"{self.revision(number)}accept/"

    def revision_name(self, number: int) -> str:
        """Naming and pinning a revision."""
        return f"{self.revision(number)}name/"

    def send_again(self, number: int) -> str:
        return f"{self.revision(number)}send-again/"

    def restore(self, number: int) -> str:
        return f"{self.detail}restore/{number}/"

    def restore_parts(self, number: int) -> str:
        return f"{self.restore(number)}parts/"

    @property
    def compare_with(self) -> str:
        """Choosing what to compare it with."""
        return f"{self.detail}compare/"

    def compare(self, old: int | str, new: int | str) -> str:
        """Each side is the number of a version, `live` or `draft`; see `get_sides` for others."""
        return f"{self.detail}compare/{old}..{new}/"


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
