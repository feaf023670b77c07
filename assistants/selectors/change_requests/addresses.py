"""The addresses of change requests and of the approval policy, below a workspace."""

from dataclasses import dataclass

from assistants.selectors.addresses import WorkspacePages


@dataclass(frozen=True, slots=True)
class ChangeRequestPages:
    """The pages of the change requests of one workspace; `list` is what the others begin with."""

    list: str

    @classmethod
    def of(cls, slug: str) -> "ChangeRequestPages":
        return cls(WorkspacePages.of(slug).requests)

    def request(self, number: int) -> str:
        return f"{self.list}{number}/"

    @property
    def freezes(self) -> str:
        return f"{self.list}freezes/"

    @property
    def policy(self) -> str:
        return f"{self.list}policy/"
