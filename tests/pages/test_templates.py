"""What holds for every template and style sheet: the policy, icons, weight, words, contrast."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import get_template
from django.test import Client

from admin_ui.display.icons import ICON_NAMES, sprite
from tests.conftest import Cast
from tests.pages.past import make_assistant

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
STYLES = sorted((settings.BASE_DIR / "static" / "css").rglob("*.css"))
FORBIDDEN = {
    "a style attribute": r"\sstyle\s*=",
    "a style element": r"<style\b",
    "an inline script": r"<script(?![^>]*\bsrc=)",
    "an event handler": r"\son[a-z]+\s*=\s*[\"']",
    "hx-on": r"\b(data-)?hx-on\b",
    "evaluated hx-vals or hx-headers": r"hx-(vals|headers|vars)\s*=\s*[\"']\s*(js|javascript):",
    "a trigger filter": r"hx-trigger\s*=\s*(\"[^\"]*\[[^\"]*\"|'[^']*\[[^']*')",
    "a javascript: address": r"javascript:",
    "a file from elsewhere": r"(src|href)\s*=\s*[\"'](https?:)?//(?!www\.w3\.org)",
}


def found(pattern: str, text: str) -> list[str]:
    return [match.group() for match in re.finditer(pattern, text, re.IGNORECASE)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_what_the_policy_blocks_or_htmx_ignores(path: Path) -> None:
    text = path.read_text()
    broken = {name: found(pattern, text) for name, pattern in FORBIDDEN.items()}
    assert not {name: hits for name, hits in broken.items() if hits}


def test_no_line_of_a_template_is_too_long_to_read() -> None:
    texts = [*TEMPLATES, *(settings.BASE_DIR / "templates").rglob("*.txt")]
    longest = {path.name: max(map(len, path.read_text().split("\n"))) for path in texts}
    assert {name: length for name, length in longest.items() if length > 140} == {}


@pytest.mark.parametrize(
    "text",
    [
        '<p style="color: red">',
        "<style>p {}</style>",
        "<script>alert(1)</script>",
        '<button onclick="x()">',
        '<button hx-on:click="x()">',
        "<button hx-vals='js:{a: 1}'>",
        '<input hx-trigger="keydown[ctrlKey]">',
        '<a href="javascript:x()">',
        '<script src="https://cdn.test/x.js">',
    ],
)
def test_the_check_finds_each_of_them(text: str) -> None:
    assert any(found(pattern, text) for pattern in FORBIDDEN.values())


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_template_compiles(path: Path) -> None:
    get_template(str(path.relative_to(settings.BASE_DIR / "templates")))


def test_the_sprite_holds_the_icons_in_use_and_no_others() -> None:
    sources = [*TEMPLATES, *(settings.BASE_DIR / "assistants").rglob("*.py")]
    text = "\n".join(path.read_text() for path in sources)
    paths = (settings.BASE_DIR / "static/js").rglob("*.js")
    scripts = "\n".join(path.read_text() for path in paths)
    used = {name for name in ICON_NAMES if f'"{name}"' in text or f"#{name}" in scripts}
    assert used == ICON_NAMES


ASKS_BY_ITSELF = re.compile(
    r"<[^<>]*hx-trigger=\"[^\"]*\b(load|every|keep|revealed|intersect)\b[^>]*>"
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_what_a_page_asks_for_behind_itself_takes_nobody_off_it(path: Path) -> None:
    text = re.sub(r"{[%{].*?[%}]}", "", path.read_text())
    asking = [match.group() for match in ASKS_BY_ITSELF.finditer(text)]
    assert [tag for tag in asking if "data-background" not in tag] == []


def test_a_comment_ends_on_its_line() -> None:
    """Django shows one that goes on."""
    open_ones = [path.name for path in TEMPLATES if re.search(r"\{#(?!.*#\})", path.read_text())]
    assert open_ones == []


def test_there_are_pages_that_ask_behind_themselves() -> None:
    pages = [path.name for path in TEMPLATES if "data-background" in path.read_text()]
    assert sorted(pages) == [
        "_autosave.html",
        "_check.html",
        "_checked.html",
        "_metadata.html",
        "_note.html",
        "_offers.html",
        "_palette.html",
        "_present.html",
        "_reason.html",
        "_toolbar.html",
        "bring_in.html",
        "conflict.html",
        "connections.html",
        "files.html",
        "history.html",
        "lines.html",
        "store.html",
    ]


def test_an_unknown_icon_is_an_error() -> None:
    with pytest.raises(TemplateSyntaxError, match="add it to"):
        Template('{% icon "no-such-icon" %}').render(Context())


def test_the_sprite_is_kept_for_good_and_only_under_its_own_address(db: None) -> None:
    digest, body = sprite()
    response = Client().get(f"/icons-{digest}.svg")
    assert response.content == body
    assert response["Content-Type"] == "image/svg+xml"
    assert "immutable" in response["Cache-Control"]
    assert Client().get("/icons-older.svg")["Cache-Control"] == "no-cache"


def test_a_first_visit_stays_under_60_kilobytes(cast: Cast) -> None:
    """As sent: everything compressed, the largest of our lists, all it links to."""
    for number in range(30):
        make_assistant(cast.workspace, name=f"Number {number}", description="A line of text. " * 20)
    client = cast.client("admin")
    for path in ("/w/main/", "/w/main/assistants/"):
        page = client.get(path).content
        weight = len(gzip.compress(page))
        for address in set(
            re.findall(r'(?:src|href)="(/static/[^"]+|/icons-[^"#]+)', page.decode())
        ):
            if address.startswith("/static/"):
                file = finders.find(address.removeprefix("/static/"))
                assert isinstance(file, str), address
                weight += len(gzip.compress(Path(file).read_bytes()))
            else:
                weight += len(gzip.compress(client.get(address).content))
        assert weight < 60_000, f"{path} weighs {weight}"


# Contrast: text 4.5:1, outlines and icons that mean something 3:1, in both schemes.
PAIRS = [
    *[
        (ink, ground, 4.5)
        for ink in ("ink", "ink-soft", "ink-quiet", "accent", "accent-strong")
        for ground in ("canvas", "surface", "raised", "sunken", "hover")
    ],
    *[
        (tone, ground, 4.5)
        for tone in ("good", "warn", "bad", "note")
        for ground in ("surface", f"{tone}-soft")
    ],
    *[("ink", f"{tone}-soft", 4.5) for tone in ("good", "warn", "bad", "note", "accent")],
    *[("ink-quiet", f"{tone}-soft", 4.5) for tone in ("good", "warn", "bad", "note")],
    ("accent-strong", "accent-soft", 4.5),
    ("ink", "mark", 4.5),
    ("on-fill", "fill", 4.5),
    ("on-fill", "fill-hover", 4.5),
    ("on-fill", "bad-fill", 4.5),
    ("edge", "surface", 3),
    ("focus", "surface", 3),
    ("focus", "canvas", 3),
    ("fill", "surface", 3),
]


def tokens() -> dict[str, tuple[str, str]]:
    """The colours of the style sheet by name: in the light scheme and in the dark one."""
    text = (settings.BASE_DIR / "static/css/tokens.css").read_text()
    pairs = re.findall(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", text)
    return {name: (light, dark) for name, light, dark in pairs} | {"on-fill": ("#ffffff",) * 2}


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_contrast(scheme: int, ink: str, ground: str, least: float) -> None:
    low, high = sorted(luminance(tokens()[name][scheme]) for name in (ink, ground))
    assert (high + 0.05) / (low + 0.05) >= least


def test_every_style_stands_in_a_layer() -> None:
    for path in STYLES:
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
        outside = re.sub(r"@layer [^{;]+;", "", text)
        assert re.match(r"\s*@layer", outside), path.name
        depth, tops = 0, []
        for line in outside.splitlines():
            if depth == 0 and line.strip():
                tops.append(line)
            depth += line.count("{") - line.count("}")
        assert all(line.startswith(("@layer", "}")) for line in tops), path.name


STATE = re.compile(
    r"aria-(current|pressed|sort|selected|invalid|disabled)|:checked|(?<=\w)\.(here|touched)\b"
)
ALWAYS_SEEN = re.compile(r"\b(text-decoration|font-weight|transform|outline)[a-z-]*:")
"""Declarations that say a state in any colours."""


def rules_of(path: Path) -> dict[str, str]:
    """Every selector of a style sheet, with all that is declared for it."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    rules: dict[str, str] = {}
    for selectors, body in re.findall(r"([^{};]+)\{([^{}]*)\}", text):
        for selector in re.split(r",(?![^(]*\))", selectors):
            name = re.sub(r"\s+", " ", selector).strip()
            rules[name] = rules.get(name, "") + body
    return rules


def is_lost_in_forced_colours(selector: str, body: str) -> bool:
    """Whether a state shows by backgrounds, shadows and colours alone."""
    declared = re.findall(r"([a-z-]+):", body)
    only_there_or_not = set(declared) <= {"display", "margin-inline-start"}
    return bool(STATE.search(selector)) and not only_there_or_not and not ALWAYS_SEEN.search(body)


def test_forced_colours_show_every_state() -> None:
    forced = rules_of(settings.BASE_DIR / "static" / "css" / "forced.css")
    lost = {
        selector
        for path in STYLES
        if path.name not in ("forced.css", "print.css")
        for selector, body in rules_of(path).items()
        if is_lost_in_forced_colours(selector, body)
    }
    assert len(lost) > 10, "they are found"
    assert ".icon" in forced, "icons are as what they stand in"
    assert {name for name in lost if not name.endswith(".icon")} - forced.keys() == set()
