"""Values in commands and programs that people paste: each quoted for the language around it.

A value is text in which `Variables` may be named; only those are expanded where it is pasted.
"""

import re
import secrets
import shlex

_PLAIN = re.compile(r"[A-Za-z0-9 :./@=_-]*")
"""What double quotes in a shell leave as it is."""


class Variables:
    """Names of variables inside text, by marks that no text can hold by chance or on purpose."""

    def __init__(self) -> None:
        self._mark = secrets.token_hex(16)

    def name(self, variable: str) -> str:
        """Return how a value refers to the content of `variable`."""
        return f"{self._mark}{variable}{self._mark}"

    def shell(self, value: str) -> str:
        """Return `value` as one word of a POSIX shell."""
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
        """Return `value` as an expression of Python; variables are read from the environment."""
        texts, names = self._split(value)
        parts = [python_text(texts[0])] if texts[0] or not names else []
        for name, text in self._pairs(names, texts):
            parts.append(f"os.environ[{python_text(name)}]")
            parts += [python_text(text)] if text else []
        return " + ".join(parts)

    def _split(self, value: str) -> tuple[list[str], list[str]]:
        """Return the texts around the variables, one more than these, and the variables."""
        pieces = value.split(self._mark)
        return pieces[::2], pieces[1::2]

    @staticmethod
    def _pairs(names: list[str], texts: list[str]) -> list[tuple[str, str]]:
        return list(zip(names, texts[1:], strict=True))


def python_text(value: str) -> str:
    """Return `value` as Python writes it, in double quotes where that takes no escaping."""
    text = repr(value)
    return text if "'" in value or '"' in value else f'"{text[1:-1]}"'
