"""Quoting values in commands and programs that people paste, each for its language.

A value is text that may name `Variables`; a shell or program expands only these.
"""

import re
import secrets
import shlex

_PLAIN = re.compile(r"[A-Za-z0-9 :./@=_-]*")
"""Characters without a meaning inside double quotes of a shell."""


class Variables:
    """Names of variables inside text, by marks that no other text can contain."""

    def __init__(self) -> None:
        self._mark = secrets.token_hex(16)

    def name(self, variable: str) -> str:
        """Return the mark by which a value refers to `variable`."""
        return f"{self._mark}{variable}{self._mark}"

    def shell(self, value: str) -> str:
        """Return `value` as one word for a POSIX shell."""
        texts, names = self._split(value)
        if not names:
            return shlex.quote(value)
        if all(map(_PLAIN.fullmatch, texts)):
            # At the end of a word a variable needs no brackets; before more text it might.
            inside = "".join(
                f"${{{name}}}{text}" if text else f"${name}"
                for name, text in self._pairs(names, texts)
            )
            return f'"{texts[0]}{inside}"'
        quoted = [shlex.quote(text) if text else "" for text in texts]
        return quoted[0] + "".join(f'"${name}"{text}' for name, text in self._pairs(names, quoted))

    def python(self, value: str) -> str:
        """Return `value` as a Python expression; variables are read from the environment."""
        texts, names = self._split(value)
        parts = [python_text(texts[0])] if texts[0] or not names else []
        for name, text in self._pairs(names, texts):
            parts.append(f"os.environ[{python_text(name)}]")
            parts += [python_text(text)] if text else []
        return " + ".join(parts)

    def _split(self, value: str) -> tuple[list[str], list[str]]:
        """Return the texts around the variables, one more than there are, and the variables."""
        pieces = value.split(self._mark)
        return pieces[::2], pieces[1::2]

    @staticmethod
    def _pairs(names: list[str], texts: list[str]) -> list[tuple[str, str]]:
        return list(zip(names, texts[1:], strict=True))


def python_text(value: str) -> str:
    """Return `value` as a Python literal, in double quotes if that needs no escaping."""
    text = repr(value)
    return text if "'" in value or '"' in value else f'"{text[1:-1]}"'
