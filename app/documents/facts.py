"""What a paper says, frozen: the drawing knows these facts and nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, Self


@dataclass(frozen=True)
class PaperFacts:
    """Base of a form's facts. Fields hold only str, int, bool, None and lists or dicts of them."""

    def to_json(self) -> str:
        """One text for the same facts, so that its hash can be kept and compared."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, stored: str | Mapping[str, Any]) -> Self:
        """Back from `to_json`, as text or already read.

        Raises `ValueError` naming fields that are missing or not known to this form.
        """
        values = json.loads(stored) if isinstance(stored, str) else dict(stored)
        known = {field.name: field for field in fields(cls)}
        unknown = sorted(values.keys() - known.keys())
        absent = sorted(
            name
            for name, field in known.items()
            if name not in values and field.default is MISSING and field.default_factory is MISSING
        )
        if unknown or absent:
            raise ValueError(f"facts of another form: unknown {unknown}, missing {absent}")
        return cls(**values)
