"""Comments of a declaration: what it says of itself, and of its parameters."""

import re

_TAG = re.compile(r"^[ \t]*@(\w+)[ \t]*", re.MULTILINE)
_PARAM = re.compile(
    r"(?:\{[^{}\n]{0,200}\}[ \t]*)?\[?([\w$.]{1,200})[^\s\]]{0,200}\]?[ \t]*(?:-[ \t]*)?"
)


def read_comment(comment: str) -> tuple[str, dict[str, str]]:
    """Return the text of a comment without its tags, and what `@param` says, by name."""
    tags = list(_TAG.finditer(comment))
    if not tags:
        return _tidy(comment), {}
    text, params = comment[: tags[0].start()], {}
    for tag, after in zip(tags, [*tags[1:], None], strict=True):
        body = comment[tag.end() : after.start() if after else len(comment)]
        match = _PARAM.match(body) if tag[1] in ("param", "arg", "argument") else None
        if match:
            params[match[1].rpartition(".")[2]] = " ".join(body[match.end() :].split())
        elif tag[1] in ("description", "desc", "summary"):
            text = f"{text}\n{body}"
    return _tidy(text), params


def one_line(*comments: str) -> str:
    """Return the first comment that says something, as one line."""
    for comment in comments:
        text = " ".join(read_comment(comment)[0].split())
        if text:
            return text
    return ""


def _tidy(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().split("\n"))
