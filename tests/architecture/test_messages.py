"""Every text on screen is in the catalogue, short enough to read, and free of odd phrases."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.architecture.javascript import PARSER
from tests.architecture.messages import CATALOGUE, ROOT, Message, read

MOST_WORDS = 20
BANNED = """
    after all; anew; are over; as it should be; belong to nothing; brought together;
    by itself; called gone; comes late; coming late; end up; ends up; goes with; had a failure;
    has to learn; have to learn; in doubt; in no draft; in no way; is over; is told; it goes;
    left alone; make sense of; meanwhile; nobody else needs to; nowhere; of ours;
    otherwise than; perhaps; say exactly; says exactly; say something else; says something else;
    say the same; says the same; stand; stands; the same goes; to the letter; was begun;
    what became of; whatever; whoever; whomever
"""
PHRASES = sorted({" ".join(phrase.split()) for phrase in BANNED.split(";")})
BANNED_WORDS = re.compile(rf"\b({'|'.join(map(re.escape, PHRASES))})\b", re.IGNORECASE)
SMALL_ID = re.compile(r"(?<![\w<.%(/-])ids?(?![\w>)/=-])")
"""The abbreviation as a word, which is `ID` or `IDs` on screen."""

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|%%")
TAG = re.compile(r"</?[a-z]+[^>]*>")
SENTENCE_END = re.compile(r"[.!?…]+(?=[\s”\"')]|$)|\n\n")

LONG: dict[str, str] = {}
"""Sentences that may have more words, by how they begin, and why; at most MOST_LONG of them."""
MOST_LONG = 0
STILL: set[str] = set()
"""Texts that break a rule, by how they begin. This list may only become shorter."""


def long_sentences(text: str) -> list[str]:
    """Return the sentences of a text that have too many words; a placeholder counts as one."""
    plain = TAG.sub("", PLACEHOLDER.sub("X", text))
    sentences = (" ".join(part.split()) for part in SENTENCE_END.split(plain))
    return [
        sentence
        for sentence in sentences
        if len(sentence.split()) > MOST_WORDS and not sentence.startswith(tuple(LONG))
    ]


def faults(message: Message) -> list[str]:
    """Return which rules an entry breaks, in words."""
    found = []
    for text in message.texts:
        found += [f"{len(part.split())} words: {part}" for part in long_sentences(text)]
        plain = TAG.sub("", PLACEHOLDER.sub("X", text))
        found += [f"“{phrase}”" for phrase in BANNED_WORDS.findall(" ".join(plain.split()))]
        found += ["“id” instead of “ID”" for _match in SMALL_ID.findall(plain)]
    return list(dict.fromkeys(found))


def report(messages: Iterable[Message]) -> dict[str, list[str]]:
    """Return the entries that break a rule, by file and text, with what is wrong."""
    return {
        f"{', '.join(message.files)}: {message.text}": found
        for message in messages
        if (found := faults(message))
    }


def is_still_so(line: str) -> bool:
    return any(line.partition(": ")[2].startswith(beginning) for beginning in STILL)


MESSAGES = read(CATALOGUE)


def test_the_catalogue_holds_the_texts_of_the_product() -> None:
    assert len(MESSAGES) > 1000
    assert {"Review and publish", "Temperature", "API version"} <= {row.text for row in MESSAGES}


def test_texts_are_short_and_plain() -> None:
    found = {line: what for line, what in report(MESSAGES).items() if not is_still_so(line)}
    lines = [f"{line}\n    {fault}" for line, what in found.items() for fault in what]
    if found:
        pytest.fail("These texts break a rule:\n" + "\n".join(lines), pytrace=False)


def test_no_exception_is_stale() -> None:
    broken = report(MESSAGES)
    texts = [line.partition(": ")[2] for line in broken]
    assert {part for part in STILL if not any(text.startswith(part) for text in texts)} == set()
    assert len(LONG) <= MOST_LONG
    every = [text for message in MESSAGES for text in message.texts]
    assert [part for part in LONG if not any(part in text for text in every)] == []


RENAMED = re.compile(r"gettext(?:_lazy|_noop)? as (?!_\b)\w+")


@pytest.mark.parametrize("folder", ["admin_ui", "assistants"])
def test_extraction_knows_every_name_of_a_marking_function(folder: str) -> None:
    texts = {path: path.read_text() for path in (ROOT / folder).rglob("*.py")}
    assert {str(path): found for path in texts if (found := RENAMED.findall(texts[path]))} == {}


def test_a_marking_function_with_another_name_is_found() -> None:
    assert RENAMED.search("import gettext_lazy as _lazy")
    assert not RENAMED.search("import gettext_lazy as _")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("word " * 20, []),
        ("word " * 21, ["21 words: " + " ".join(["word"] * 21)]),
        ("word " * 15 + "in %(version)s. " + "word " * 15, []),
        ("Whoever comes late, stands there.", ["“Whoever”", "“comes late”", "“stands”"]),
        ("Notwithstanding", []),
        ("Copy the id", ["“id” instead of “ID”"]),
        ("Copy %(id)s, %(name)s-id", []),
    ],
)
def test_what_is_wrong_is_found(text: str, expected: list[str]) -> None:
    assert faults(Message("", text, "", ())) == expected


def script_texts(script: bytes) -> list[str]:
    """Return the strings of a script that read like a text: two words, one after the other."""
    nodes, texts = [PARSER.parse(script).root_node], []
    while nodes:
        node = nodes.pop()
        nodes += node.children
        if node.type == "string_fragment" and node.text != b"use strict":
            texts.append(str(node.text, "utf-8"))
    code = re.compile(r"[a-z][A-Z]|^#")  # names of properties, and selectors
    return [
        text
        for text in texts
        if re.search(r"[A-Za-z]{2,} [a-z]{2,}", text) and not code.search(text)
    ]


def test_scripts_take_their_texts_from_the_page() -> None:
    assert script_texts(b"told('Not saved yet', 'X-Kept', `It ${is} not saved`)") != []
    scripts = (ROOT / "static" / "js").rglob("*.js")
    assert {
        path.name: texts for path in scripts if (texts := script_texts(path.read_bytes()))
    } == {}


@pytest.mark.slow
def test_the_catalogue_is_up_to_date(tmp_path: Path) -> None:
    if shutil.which("xgettext") is None:
        leave_out = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        leave_out("GNU gettext is not installed, so no texts can be extracted.")
    ignored = shutil.ignore_patterns("__pycache__", "*.mo")
    for folder in ("admin_ui", "assistants", "templates", "static", "locale"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
    for name in ("Makefile", "manage.py"):
        shutil.copy(ROOT / name, tmp_path)
    base = ".venv/.installed-base"  # is not installed again for this
    bin_folder = f"BIN={Path(sys.executable).parent}"
    make = ["make", "--silent", f"--old-file={base}", bin_folder, "messages"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "admin_ui.settings"}
    subprocess.run(make, cwd=tmp_path, env=environment, check=True, timeout=120)
    extracted = {message.key for message in read(tmp_path / CATALOGUE.relative_to(ROOT))}
    committed = {message.key for message in MESSAGES}
    assert extracted == committed, "Run `make messages` and commit locale/en."
