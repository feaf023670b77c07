"""What holds for every script: its layout, its names, what it may not use, and who loads it."""

import re
from pathlib import Path

import pytest

from tests.architecture.javascript import Script

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "static" / "js"
TEXTS = {
    path.relative_to(SCRIPTS).as_posix(): path.read_text() for path in sorted(SCRIPTS.rglob("*.js"))
}
BROWSER = (
    "AbortController Boolean BroadcastChannel CSS CustomEvent Date Event FormData Highlight"
    " Infinity IntersectionObserver Intl JSON Map Math MutationObserver Number Object RegExp"
    " ResizeObserver Set String URLSearchParams Uint8Array Worker addEventListener atob btoa"
    " clearTimeout document fetch getComputedStyle history innerHeight localStorage location"
    " matchMedia navigator parseFloat parseInt postMessage requestAnimationFrame scrollBy"
    " sessionStorage setTimeout window"
)
KNOWN = {"htmx", "dashboard", *BROWSER.split()}
REFUSED = "innerHTML outerHTML insertAdjacentHTML write writeln eval Function console"
WORKER = re.compile(r"data-worker=\"{% static 'js/([^']+)' %}\"")
"""A script that another one starts, apart from the page."""
LOADED = re.compile(
    r"<script src=\"{% static 'js/([^']+)' %}\"(?: blocking=\"render\")?( defer)?></script>"
)
OFFERED = re.compile(r"window\.dashboard = \{ ([\w, ]+) \};")
LAYOUT = re.compile(
    r'// .{28,107}\n(//.{0,108}\n)*\(function \(\) \{\n  "use strict";\n(.{0,110}\n)+\}\)\(\);\n'
)
"""A sentence on what it holds, one strict function, lines of at most 110 characters."""
EXAMPLE = '// A script that holds an example.\n(function () {\n  "use strict";\n  run();\n})();\n'


@pytest.mark.parametrize("name", TEXTS)
def test_a_script_keeps_the_rules(name: str) -> None:
    assert LAYOUT.fullmatch(TEXTS[name])
    assert Script(TEXTS[name], KNOWN).flaws == []


@pytest.mark.parametrize(
    ("old", "new"),
    [(" that holds", ""), ("(function", "("), ('  "use strict";\n', ""), ("run", "r" * 111)],
)
def test_another_layout_is_found(old: str, new: str) -> None:
    assert LAYOUT.fullmatch(EXAMPLE)
    assert not LAYOUT.fullmatch(EXAMPLE.replace(old, new))


@pytest.mark.parametrize(
    ("wrong", "flaw", "right"),
    [
        ("g();", "1: g is not declared", "g();\nfunction* g() {}"),
        ("f(1;", "1: ) is a syntax error", "f(1);"),
        ("f(1));", "1: ) is a syntax error", "f((1));"),
        ("f();\ng();", "2: g is not declared", "g();\nfunction g() {}"),
        ("f({ a });", "1: a is not declared", "f({ a(b) { f(b); }, c(b) { f(b); } });"),
        ("{ const a = 1; f(a); }\nf(a);", "2: a is not declared", "{ const a = 1; f(a); }"),
        ("f((a) => a, a);", "1: a is not declared", "f((a) => a, (a) => a);"),
        ("f(({ a: b }) => a + b);", "1: a is not declared", "f(({ a, b: [c] }) => a + c);"),
        ("f((b = a) => b);", "1: a is not declared", "f((a, b = a, ...c) => b + c);"),
        ("for (const a of f()) f(a);\nf(a);", "2: a is not declared", "for (const a of f()) f(a);"),
        ("try {} catch (e) { f(e); }\nf(e);", "2: e is not declared", "try {} catch (e) { f(e); }"),
        ("f(class A {});", "1: A is not declared", "f(function (a) { a; }, function (a) { a; });"),
        ("const a = 1;", "1: a is never used", "let a;\nswitch (a) { default: let a; f(a); }"),
        ("let a = 1;\na = 2;", "1: a is never used", "let a = 1;\na = 2;\nf(a);"),
        ("function g() {}", "1: g is never used", "function g(a) { a = f(a); }\ng();"),
        ("f((a) => 1);", "1: a is never used", "f((_a) => 1);"),
        ("f(a);\nconst a = 1;", "1: a is used before its declaration", "const a = 1;\nf(a);"),
        ("let a;\nlet a;\nf(a);", "2: a is declared twice", "let a;\nfor (let a;;) f(a);\nf(a);"),
        ("const a = 1;\nf(a);\n[a] = f();", "3: a is const and changed", "let a = 1;\na = f(a);"),
        ("const a = 1;\nfor (a of a) f();", "2: a is const and changed", "let a;\nfor (a of a) a;"),
        ("const a = 1;\nf(a);\na += 1;", "3: a is const and changed", "let a = 1;\nf(a);\na += 1;"),
        ("const a = 1;\nf(a);\na++;", "3: a is const and changed", "let a = 1;\nf(a);\na++;"),
        ("f(f == 1);", "1: == is refused", "f(f === 1);"),
        ("f(f != 1);", "1: != is refused", "f(f !== 1);"),
        ("var a = 1;\nf(a);", "1: var is refused", "const a = 1;\nf(a);"),
        ("debugger;", "1: debugger is refused", "f('debugger');"),
    ],
)
def test_each_rule_finds_what_breaks_it(wrong: str, flaw: str, right: str) -> None:
    assert Script(wrong, {"f"}).flaws == [f"line {flaw}"]
    assert Script(right, {"f"}).flaws == []


@pytest.mark.parametrize("name", REFUSED.split())
def test_a_refused_name_is_found_however_it_is_used(name: str) -> None:
    for use in (f"{name}();", f"f?.{name}.a();", f"new f.{name}();", f"({{ {name} }}) => f;"):
        assert f"line 1: {name} is refused" in Script(use, {"f"}).flaws
    assert Script(f"f['{name}']();", {"f"}).flaws == [f"line 1: '{name}' is refused"]
    assert Script(f"f.{name}s('{name}');", {"f"}).flaws == []


def test_the_known_names_are_those_that_scripts_use() -> None:
    assert {name for text in TEXTS.values() for name in Script(text).undeclared} == KNOWN


def test_templates_load_every_script_there_is_and_no_other() -> None:
    templates = [path.read_text() for path in (ROOT / "templates").rglob("*.html")]
    loaded = [found for text in templates for found in LOADED.findall(text)]
    workers = [found for text in templates for found in WORKER.findall(text)]
    named = sum(text.count("'js/") for text in templates)
    assert named == len(loaded) + len(workers), "in this form"
    assert {name for name, _defer in loaded} | {*workers} == TEXTS.keys()
    assert [name for name, defer in loaded if not defer] == ["theme.js"], "it is not to flash"


def test_what_a_script_offers_to_others_is_used() -> None:
    (offered,) = OFFERED.findall("".join(TEXTS.values()))
    used = re.findall(r"\bdashboard\.(\w+)\(", "".join(TEXTS.values()))
    assert set(offered.split(", ")) == set(used)
