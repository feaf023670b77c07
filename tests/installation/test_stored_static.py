"""Style sheets are collected without comments, and say the same."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from admin_ui.serving.stored_static import LeanStaticFilesStorage, without_comments


@pytest.mark.parametrize(
    ("sheet", "left"),
    [
        ("/* why */\na { color: red; }", "a { color: red; }"),
        ("a { color: /* no */ red; }", "a { color: red; }"),
        ('a::before { content: "/* kept */"; }', 'a::before { content: "/* kept */"; }'),
        ("a { background: url('x/*y*/z'); }", "a { background: url('x/*y*/z'); }"),
        (r'a { content: "\"/*"; } /* gone */', r'a { content: "\"/*"; } '),
        ("/*! licence */ a {}", "/*! licence */ a {}"),
    ],
)
def test_comments_go_and_strings_stay(sheet: str, left: str) -> None:
    assert without_comments(sheet) == left


def test_every_sheet_of_ours_loses_its_comments_only() -> None:
    sheets = list((Path(settings.BASE_DIR) / "static" / "css").rglob("*.css"))
    assert len(sheets) > 20
    for sheet in sheets:
        text = sheet.read_text()
        lean = without_comments(text)
        assert "/*" not in lean
        assert lean.count("{") == text.count("{") - sum(
            part.split("*/")[0].count("{") for part in text.split("/*")[1:]
        )


def test_what_is_collected_is_lean(tmp_path: Path) -> None:
    storage = LeanStaticFilesStorage(location=tmp_path, base_url="/static/")
    storage.save("a.css", ContentFile(b"/* why */ a {}"))
    storage.save("a.js", ContentFile(b"/* why */ a()"))
    assert (tmp_path / "a.css").read_text() == "a {}"
    assert (tmp_path / "a.js").read_text() == "/* why */ a()"


def test_what_pages_link_to_is_lean_and_whole(tmp_path: Path) -> None:
    source = FileSystemStorage(location=tmp_path / "source")
    source.save("a.css", ContentFile(b"/* why */ a { color: red; }"))
    storage = LeanStaticFilesStorage(location=tmp_path / "collected", base_url="/static/")
    with source.open("a.css") as found:
        storage.save("a.css", found)
    list(storage.post_process({"a.css": (source, "a.css")}))
    hashed = tmp_path / "collected" / storage.stored_name("a.css")
    assert hashed.name != "a.css"
    assert hashed.read_text() == "a { color: red; }"
