"""Filling in a form of a page as a browser does: every field it shows, with its value."""

from html.parser import HTMLParser
from urllib.parse import urlencode


class Fields(HTMLParser):
    """Collects the successful controls of the forms of a page, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.values: list[tuple[str, str]] = []
        self.textarea = self.select = ""
        self.text = ""
        self.chosen: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value")
        if tag == "input" and name and "disabled" not in given:
            kind = given.get("type") or "text"
            ticked = kind not in ("checkbox", "radio") or "checked" in given
            if ticked and kind not in ("submit", "button", "file"):
                self.values.append(
                    (name, "on" if value is None and kind == "checkbox" else value or "")
                )
        elif tag == "textarea":
            self.textarea, self.text = name, ""
        elif tag == "select":
            self.select, self.chosen = name, None
        elif tag == "option" and self.select and ("selected" in given or self.chosen is None):
            self.chosen = value or ""

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.textarea:
            self.values.append((self.textarea, self.text.removeprefix("\n")))
            self.textarea = ""
        elif tag == "select" and self.select:
            self.values.append((self.select, self.chosen or ""))
            self.select = ""


def filled(page: str, **changes: str) -> str:
    """Return the fields of `page` with `changes`, url-encoded."""
    fields = Fields()
    fields.feed(page)
    kept = [(name, value) for name, value in fields.values if name not in changes]
    return urlencode([*kept, *changes.items()])
