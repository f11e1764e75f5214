"""`flask …`: one verb a task. Exit 0 good, 1 refused or found wrong, 2 bad usage."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from flask import Flask

from app.core.refusals import Refused


def say(text: str) -> None:
    """A line on standard output."""
    click.echo(text)


def answer(as_json: bool, facts: Any, text: str) -> None:
    """Print facts as JSON, or the sentence for people."""
    say(json.dumps(facts, ensure_ascii=False, indent=2) if as_json else text)


def fail(sentence: str) -> None:
    """Print why not on standard error and end with 1."""
    click.echo(sentence, err=True)
    sys.exit(1)


def refusals(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn a refusal into its sentence and exit code 1."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except Refused as refused:
            return fail(refused.sentence)

    return run


as_json = click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON.")


def install(app: Flask) -> None:
    """Put every command on the application."""
    from app.cli import care, deadlines, people, records, rules, timers, trial

    for group in (
        rules.procedures, rules.organisation, rules.delegation, deadlines.deadline,
        people.staff, people.token, trial.demo, records.dossier, records.log, records.metrics,
        timers.jobs,
    ):  # fmt: skip
        app.cli.add_command(group)
    for command in (care.init, care.backup, care.restore, care.doctor, timers.worker):
        app.cli.add_command(command)
