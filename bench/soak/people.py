"""People who publish through the real pages, each a line and a pair of metadata of their own."""

import re
import time
from dataclasses import dataclass, field

import httpx

from bench import forms
from bench.data import SLUG

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TRIES = 100
"""How often one change is looked at again before its writer gives up."""
AS_IT_WAS = ("Nothing was sent", "Not delivered. The live version is unchanged.")
"""What a page says where pressing the button again is right."""


class Unexpected(Exception):
    """A page answered what nobody should see."""


def instructions(people: int) -> str:
    """Return instructions with a line for each of so many people, and lines between them."""
    return "\n\n".join(f"Client {number}: -\n\nAlways be kind." for number in range(people))


def metadata(people: int) -> dict[str, str]:
    return {f"client-{number}": "-" for number in range(people)}


def holds(text: object, number: int, mark: str) -> bool:
    """Return whether instructions have the line of person `number` with `mark`."""
    return f"Client {number}: {mark}\n" in f"{text}\n"


def browser(address: str, cookies: dict[str, str]) -> httpx.Client:
    return httpx.Client(base_url=address, cookies=cookies, timeout=60, trust_env=False)


@dataclass
class Person:
    """Somebody with a browser. What they tried, and what pages have promised them, is kept as
    `(assistant, mark)` in order."""

    number: int
    client: httpx.Client
    tried: list[tuple[int, str]] = field(default_factory=list)
    saved: list[tuple[int, str]] = field(default_factory=list)
    accepted: list[tuple[int, str]] = field(default_factory=list)
    pause: float = 0.3
    """Seconds before the button is pressed again where a page says to try again in a moment."""
    refused: int = 0
    """How often a page said so."""

    def write(self, assistant: int, mark: str) -> int:
        """Edit, review and publish; returns how often it was looked at again before that."""
        page = f"/w/{SLUG}/assistants/{assistant}"
        self.tried.append((assistant, mark))
        self._save(page, mark)
        self.saved.append((assistant, mark))
        looks = self._publish(page, mark)
        self.accepted.append((assistant, mark))
        return looks

    def _save(self, page: str, mark: str) -> None:
        edit = self._get(f"{page}/edit/")
        shown = forms.Fields()
        shown.feed(edit)
        fields = dict(shown.values)
        line = rf"^Client {self.number}: .*$"
        text = re.sub(line, f"Client {self.number}: {mark}", fields["instructions"], flags=re.M)
        key = f"client-{self.number}"
        row = next(name for name, value in fields.items() if value == key).removesuffix("-key")
        changed = {"instructions": text, f"{row}-value": mark, "action": "review"}
        answer = self._post(f"{page}/edit/", forms.filled(edit, **changed))
        if answer.status_code != 303:
            raise Unexpected(f"saving answered {answer.status_code}")

    def _publish(self, page: str, mark: str) -> int:
        shown = self._get(f"{page}/review/")
        for looks in range(TRIES):
            choices = dict.fromkeys(re.findall(r'name="(choice-\w+)"', shown), "mine")
            changed = {"note": mark, **choices, **({"action": "resolve"} if choices else {})}
            answer = self._post(f"{page}/review/", forms.filled(shown, **changed))
            if answer.status_code == 303 and answer.headers["Location"].endswith("/history/"):
                return looks
            if answer.status_code == 303:
                shown = self._get(answer.headers["Location"])
            elif answer.status_code == 409:
                shown = answer.text
            elif answer.status_code in (502, 503) and _as_it_was(answer.text):
                shown = answer.text
                self.refused += 1
                time.sleep(self.pause)
            else:
                said = re.search(r'<h2 id="trouble">(.*?)</h2>', answer.text, re.DOTALL)
                raise Unexpected(
                    f"publishing answered {answer.status_code}: {said[1] if said else '?'}"
                )
        raise Unexpected(f"not published in {TRIES} tries")

    def _get(self, address: str) -> str:
        answer = self.client.get(address)
        if answer.status_code != 200:
            raise Unexpected(f"GET {address} answered {answer.status_code}")
        return answer.text

    def _post(self, address: str, body: str) -> httpx.Response:
        return self.client.post(address, content=body, headers=FORM)


def _as_it_was(page: str) -> bool:
    return any(text in page for text in AS_IT_WAS)
