"""The text beside an input, and the buttons that act on it."""

from typing import NamedTuple


class Hints(NamedTuple):
    """The text beside the input of a schema, or beside one of its rows."""

    texts: list[str]
    whole: str = ""
    """ID of the part of the page to show again when the value is taken apart, because it is more
    than a schema. Usually empty."""
    fixes: tuple[str, ...] = ()
    """For each text the value of the button that corrects what it says; "" where there is none."""
    fix_all: str = ""
    target: str = ""
    """ID of the part of the page that those buttons show again."""

    @property
    def advised(self) -> list[tuple[str, str]]:
        """Each text with its button."""
        fixes = self.fixes or ("",) * len(self.texts)
        return list(zip(self.texts, fixes, strict=True))

    def plus(self, other: "Hints") -> "Hints":
        mine, theirs = self.advised, other.advised
        return self._replace(
            texts=[text for text, _fix in (*mine, *theirs)],
            fixes=tuple(fix for _text, fix in (*mine, *theirs)),
            target=self.target or other.target,
        )
