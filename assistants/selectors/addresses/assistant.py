"""The addresses of the pages of one assistant."""

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
        home = reverse("assistants:home", args=[assistant.workspace.slug])
        return cls(f"{home}assistants/{assistant.pk}/")

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
    def submit(self) -> str:
        return f"{self.detail}submit/"

    @property
    def submit_deletion(self) -> str:
        return f"{self.detail}submit-deletion/"

    @property
    def discard(self) -> str:
        return f"{self.detail}discard/"

    @property
    def code(self) -> str:
        return f"{self.detail}code/"

    @property
    def follow(self) -> str:
        return f"{self.detail}follow/"

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
