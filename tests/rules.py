"""The project's own rule files, for tests that ask or alter them."""

from __future__ import annotations

import functools
import tomllib

from app.catalogue import ORGANISATION, RULES_FOLDER
from app.core.organisation import Organisation, parse_organisation
from app.core.procedure import Procedure, parse
from app.core.procedure_check import check_file


@functools.cache
def organisation(file: str) -> Organisation:
    """One of the project's organisation files, expanded."""
    text = (RULES_FOLDER / ORGANISATION / file).read_text(encoding="utf-8")
    return parse_organisation(file, tomllib.loads(text))


def organisations() -> dict[str, Organisation]:
    """Both organisations, by era."""
    both = organisation("organisation.toml"), organisation("organisation-2025.toml")
    return {one.era: one for one in both}


@functools.cache
def text_of(path: str) -> str:
    """A procedure file as it is."""
    return (RULES_FOLDER / path).read_text(encoding="utf-8")


@functools.cache
def edition(path: str) -> Procedure:
    """A procedure file, parsed."""
    return parse(tomllib.loads(text_of(path)))


def faults_in(path: str, *swaps: tuple[str, str], named: str = "") -> list[str]:
    """The faults of a good file after each (old, new), first place each; `named`: other path."""
    text = text_of(path)
    for old, new in swaps:
        assert old in text, f"{path} has no {old!r}"
        text = text.replace(old, new, 1)
    return [str(fault) for fault in check_file(named or path, text.encode(), organisations())]
