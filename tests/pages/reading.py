"""Reading a page as a script does: the fields of its forms, and what stands in it."""

import re
from html.parser import HTMLParser

from django.http import HttpResponse


def tight(page: str) -> str:
    """Return the HTML of a page without white space beside tags."""
    return re.sub(r"\s*(<[^>]+>)\s*", r"\1", page)


class _Forms(HTMLParser):
    """Collects the fields of each form that is sent by POST, by the form's action."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self.fields: dict[str, str] | None = None
        self.textarea = ""
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form" and found.get("method") == "post":
            self.fields = self.forms.setdefault(found.get("action", ""), {})
        if self.fields is None:
            return
        name = found.get("name", "")
        if tag == "input" and name:
            self._input(name, found)
        elif tag == "textarea" and name:
            self.textarea, self.fields[name] = name, ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in found and self.select:
            self.fields[self.select] = found.get("value", "")

    def _input(self, name: str, found: dict[str, str]) -> None:
        assert self.fields is not None
        if found.get("type") not in ("checkbox", "radio") or "checked" in found:
            value = found.get("value", "on")
            # A browser takes line ends out of a field of one line.
            self.fields[name] = value.replace("\n", "") if found.get("type") == "text" else value

    def handle_data(self, data: str) -> None:
        if self.textarea and self.fields is not None:
            self.fields[self.textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.fields is not None:
            # A line end right after the tag is not part of the text.
            self.fields[self.textarea] = self.fields[self.textarea].removeprefix("\n")
            self.textarea = ""
        elif tag == "form":
            self.fields = None
        elif tag == "select":
            self.select = ""


def fields_of(response: HttpResponse, action: str = "") -> dict[str, str]:
    """Return what the form with this action would post if nobody touched it, buttons left out."""
    parser = _Forms()
    parser.feed(response.content.decode())
    parser.close()
    return {
        name: value for name, value in parser.forms[action].items() if name != "csrfmiddlewaretoken"
    }


def as_browser(fields: dict[str, str]) -> dict[str, str]:
    """The same, with line ends as browsers send them."""
    sent = ((name, value.replace("\n", "\r\n")) for name, value in fields.items())
    return {name.replace("\n", "\r\n"): value for name, value in sent}
