"""Split a text into words, spaces, line ends and signs, none of which a difference may break."""

import re
from collections import Counter

# Marks that belong to the character before them: accents, variation selectors, skin tones, tags.
_MARKS = (
    "\u0300-\u036f\u20d0-\u20ff\u3099\u309a\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e01ef"
)
# Scripts without spaces, and pictures: each character stands for itself.
_SINGLE = (
    "\u2600-\u27bf\u3041-\u3098\u309b-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U0001f000-\U0001f3fa\U0001f400-\U0001faff\U00020000-\U0003fffd"
)
# A word is a run of whatever is not space, punctuation or symbol: `\w` lacks the vowel signs of
# Indic scripts and all accents written as a character of their own.
_WORD = (
    r"[^\s!-/:-@\[-^`{-~\u00a1-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7"
    r"\u060c\u061b\u061f\u06d4\u0964\u0965\u2000-\u200b\u2010-\u206f\u20a0-\u20cf\u2100-\u2bff"
    rf"\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65{_SINGLE}]"
)
_TOKEN = re.compile(
    rf"""\r\n|[\r\n]|[^\S\r\n]+
    |[\U0001f1e6-\U0001f1ff]{{2}}
    |[{_SINGLE}][{_MARKS}]*(?:\u200d[{_SINGLE}][{_MARKS}]*)*
    |{_WORD}+(?:['\u2019]{_WORD}+|(?<=\d)[.,:](?=\d){_WORD}+)*
    |\S[{_MARKS}]*""",
    re.VERBOSE,
)
LINE_ENDS = frozenset({"\n", "\r\n", "\r"})

_LONG = 1_000_000  # characters: more than people write, and seconds to take apart
_LINE_END_WEIGHT = 25  # so that lines are kept apart unless all around them is rewritten


def tokenise(text: str, shared: dict[str, str]) -> list[str]:
    """Split a text so that the tokens joined are the text again.

    Equal tokens become one object, that in `shared`, which makes comparing and hashing cheap.
    """
    tokens: list[str] = _TOKEN.findall(text)
    return list(map(shared.setdefault, tokens, tokens))


def weigh(token: str) -> int:
    """How much it says that this token stayed: its length, nothing for spaces, much for lines."""
    if token in LINE_ENDS:
        return _LINE_END_WEIGHT
    return 0 if token.isspace() else len(token)


def number_of_words(text: str) -> int:
    """Count the tokens with a letter or digit in them; each CJK character is one.

    In a text of over a million characters what spaces separate is counted instead.
    """
    if len(text) > _LONG:
        return len(text.split())
    counts = Counter(_TOKEN.findall(text))  # each token is looked at once, however often it occurs
    return sum(count for token, count in counts.items() if any(map(str.isalnum, token)))
