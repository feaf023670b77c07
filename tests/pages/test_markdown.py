"""Markdown becomes safe HTML, piece by piece, whatever is in it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistants.wording import markdown
from assistants.wording.markdown import render_markdown

TAG = re.compile(r"<(/?\w+)([^>]*)>")
ATTRIBUTES = re.compile(r' (\w+)="[^"]*"')
ALLOWED = {"dir", "href", "rel", "target", "start"}
SYNTAX = st.text(st.sampled_from(list("#*_`~>[]()!<>-+|\\\n\t 1.a\"':/&;")), max_size=200)


def html(text: str) -> str:
    return str(render_markdown(text).html)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("## Tone", '<h2 dir="auto">Tone</h2>'),
        ("- a\n- b", '<li dir="auto">a</li>'),
        ("| a |\n|-|\n| b |", '<td dir="auto">b</td>'),
        ("```python\n# a\n```", "<pre><code># a\n</code></pre>"),
        ("~~old~~", "<s>old</s>"),
        ("3. c", '<ol start="3">'),
        ("שלום", '<p dir="auto">שלום</p>'),
    ],
)
def test_what_people_write_is_shown(text: str, part: str) -> None:
    assert part in html(text)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "[a](/accounts/logout/)",
        "[a](//evil.example/)",
        "![a](https://evil.example/pixel.png)",
        '<https://evil.example/" onclick="alert(1)>',
        "<style>*{}</style>\n\n<div style='color:red'>a</div>",
    ],
)
def test_nothing_runs_loads_or_leads_into_our_pages(text: str) -> None:
    shown = html(text)
    assert "<img" not in shown
    assert not re.search(r"<(script|style|div)|href=\"(/|data|javascript)", shown)
    for _tag, attributes in TAG.findall(shown):
        assert set(ATTRIBUTES.findall(attributes)) <= ALLOWED


def test_links_lead_away_in_a_tab_of_their_own() -> None:
    (attributes,) = re.findall("<a ([^>]*)>", html("[the policy](https://example.com/)"))
    assert 'href="https://example.com/"' in attributes
    assert 'target="_blank"' in attributes
    assert 'rel="noopener noreferrer nofollow"' in attributes


@given(SYNTAX)
def test_only_tags_of_text_come_out(text: str) -> None:
    for tag, attributes in TAG.findall(html(text)):
        assert tag.removeprefix("/") in markdown._TAGS
        assert set(ATTRIBUTES.findall(attributes)) <= ALLOWED


@given(SYNTAX, st.integers(1, 40))
def test_pieces_are_the_whole_text(text: str, times: int) -> None:
    assert "".join(markdown._pieces(text * times)) == text * times
    assert render_markdown(text * times).shown == len(text * times)


def test_a_piece_ends_between_blocks() -> None:
    section = "## Refunds\n\nName the order.\n\n"
    pieces = list(markdown._pieces(section * 500))
    assert len(pieces) > 3
    assert all(piece.endswith("\n\n") for piece in pieces)
    assert html(section * 500).count("<h2") == 500


def test_fenced_code_is_never_torn_apart() -> None:
    code = "```\n" + "# a\n\n" * 4000 + "```\n"
    shown = html(f"{code}\n## After\n")
    assert shown.count("<pre>") == 1
    assert '<h2 dir="auto">After</h2>' in shown
    assert "<h1" not in shown


def test_the_rest_is_left_out_when_time_is_up() -> None:
    text = "Be kind.\n\n" * 2000
    rendered = render_markdown(text, seconds=-1)
    assert (rendered.html, rendered.shown) == ("", 0)
