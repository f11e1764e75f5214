"""How well a procedure fits what somebody typed: words without marks, initials, field, code."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.core.procedure import Procedure
from app.core.vietnamese import fold

# How well one word of the search fits, best first.
_IN_NAME, _IN_ALIAS, _INITIALS, _IN_FIELD = range(4)


def fit(procedure: Procedure, text: str) -> int | None:
    """How well every word of the text fits (smaller is better), or None where one does not.

    A word fits the beginning of a word of the name or an alias, the initials (`gpxd`), the field,
    or the beginning of the code.
    """
    tokens = fold(text).split()
    name = _words(procedure.name)
    aliases = [_words(alias) for alias in procedure.aliases]
    field = _words(procedure.field)
    total = 0
    for token in tokens:
        one = _token_fit(token, procedure.code, name, aliases, field)
        if one is None:
            return None
        total += one
    in_a_row = f" {' '.join(tokens)}" in f" {' '.join(name)}"
    return total - (1 if in_a_row else 0)


def _token_fit(
    token: str, code: str, name: list[str], aliases: list[list[str]], field: list[str]
) -> int | None:
    if any(word.startswith(token) for word in name) or code.startswith(token):
        return _IN_NAME
    if any(word.startswith(token) for words in aliases for word in words):
        return _IN_ALIAS
    if len(token) > 1 and any(token in _initials(words) for words in (name, *aliases)):
        return _INITIALS
    return _IN_FIELD if any(word.startswith(token) for word in field) else None


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))


def _initials(words: Sequence[str]) -> str:
    return "".join(word[0] for word in words)
