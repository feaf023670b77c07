"""How long a key press in long instructions takes: `python -m bench.key_presses` (ARGS: --help).

Chromium measures each press itself, from the key to the next picture (Event Timing, in steps of
8 ms; anything under 16 ms counts as 16).
"""

import argparse
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from playwright.sync_api import Response, sync_playwright

from bench import serving
from bench.data import SLUG, fill, own_database

LENGTH = 256_000
GOAL = 100
"""Milliseconds within which 95 of 100 presses are to be seen."""
KEYS = "Answer kindly, and say "
SHORTEST = 16
WATCH = """() => {
  window.presses = [];
  new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) {
      if (name === "keydown") window.presses.push(duration);
    }
  }).observe({ type: "event", durationThreshold: 16 });
}"""
PUT = """([text, place]) => {
  const field = document.getElementById("id_instructions");
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
  const at = Math.round(field.value.length * place);
  field.setSelectionRange(at, at);
  field.blur();
  field.focus();
}"""
SENTENCE = "Answer in the customer's language, kindly and briefly, and name the order. "
PLACES = {"the beginning": 0.0, "the middle": 0.5, "the end": 1.0}


def texts() -> dict[str, str]:
    """Return texts of `LENGTH` characters by what they are like."""
    section = "## Refunds\n\n" + 4 * (SENTENCE * 4).join(("", "\n")) + "- {order_id}\n\n"
    shapes = {
        "sections": section,
        "short lines": "Say hello.\n",
        "one line": SENTENCE,
        "right to left": "أجب بلغة العميل بلطف وإيجاز، واذكر رقم الطلب. " * 4 + "\n",
        "Japanese": "お客様の言語で親切かつ簡潔に答え、注文番号を伝えてください。" * 4 + "\n",
    }
    return {
        name: (shape * (LENGTH // len(shape) + 1))[: LENGTH - 1000]
        for name, shape in shapes.items()
    }


def refusal_of(answer: Response) -> list[str]:
    """Return the answer to a save that was refused, in words: then no save was measured."""
    if answer.request.method != "POST" or answer.status < 400:
        return []
    return [f"{answer.status} {answer.url}"]


@contextmanager
def editor() -> Iterator[tuple[str, str]]:
    """Serve an editor with long instructions; yields its address and the cookie of a session."""
    fill(assistants=2, revisions=20)
    from django.conf import settings

    from bench.pages import HERE, Visitor

    visitor = Visitor(runs=1, requests=1)
    session = visitor.client.cookies[settings.SESSION_COOKIE_NAME].value
    with serving.running("admin_ui.settings") as server:
        page = f"{server.address}{HERE}/assistants/{visitor.long_text.pk}/edit/"
        yield page.replace("127.0.0.1", "localhost"), session


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.key_presses", description=__doc__)
    parser.add_argument("--presses", type=int, default=200, metavar="N", help="in each place")
    parser.add_argument("--only", default="", metavar="TEXT", help=f"one of: {', '.join(texts())}")
    parser.add_argument(
        "--open",
        default="",
        metavar="BUTTONS",
        help="names of buttons to press first, with a comma between",
    )
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> int:
    options = arguments(given)
    executable = shutil.which("chromium") or shutil.which("chromium-headless-shell")
    missed = 0
    with own_database(""), editor() as (address, session), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        origin = address.split("/w/")[0]  # of all addresses, and not only those below the editor's
        context.add_cookies([{"name": "sessionid", "value": session, "url": origin}])
        page = context.new_page()
        page.on("dialog", lambda dialog: dialog.accept())
        refused: list[str] = []
        page.on("response", lambda answer: refused.extend(refusal_of(answer)))
        print(f"{options.presses} presses in {LENGTH:,} characters; workspace {SLUG}.")
        for name, text in texts().items():
            if options.only not in ("", name):
                continue
            for where, place in PLACES.items():
                page.goto(address)
                page.evaluate(WATCH)
                for button in filter(None, options.open.split(",")):
                    page.get_by_role("button", name=button).first.click()
                page.evaluate(PUT, [text, place])
                page.wait_for_timeout(2500)
                page.evaluate("window.presses.length = 0")
                for number in range(options.presses):
                    page.keyboard.press(KEYS[number % len(KEYS)])
                    # Now and then a pause, in which the text is saved and counted.
                    page.wait_for_timeout(1500 if number % 50 == 49 else 40)
                found = sorted(page.evaluate("window.presses"))
                found = [SHORTEST] * (options.presses - len(found)) + found
                half, most = found[len(found) // 2], found[int(len(found) * 0.95)]
                missed += most > GOAL
                print(
                    f"{name:14} {where:14} half within {half:4} ms, 95 % within {most:4} ms,"
                    f" slowest {found[-1]:4} ms",
                    flush=True,
                )
                page.wait_for_timeout(2500)
                page.wait_for_load_state("networkidle")  # or the last save would meet the next page
        browser.close()
    for answer in refused:
        print("Refused:", answer)
    return 1 if missed or refused else 0


if __name__ == "__main__":
    sys.exit(main())
