"""An office's plan as data: its tasks, who leads, until when, what is to come of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.core.faults import Fault, Faults, Table

_FILE = {
    "schema_version": "int",
    "document": "table",
    "reporting": "table",
    "deadline_kinds": "table",
    "parts": "tables",
    "tasks": "tables",
}
_DOCUMENT = {
    "number": "text",
    "date": "date",
    "issuer": "text",
    "title": "text",
    "signer": "text",
    "signer_title": "text",
    "legal_basis": "texts",
    "recipients": "texts",
}
_PART = {"no": "text", "title": "text"}
_TASK = {
    "id": "text",
    "part": "text",
    "content": "text",
    "lead": "texts",
    "cooperating": "texts",
    "deadline": "text",
    "deadline_kind": "text",
    "due": "date",
    "deliverable": "text",
    "indicator": "text",
    "target": "number",
    "target_operator": "text",
}
_TASK_REQUIRED = tuple(
    key for key in _TASK if key not in ("due", "indicator", "target", "target_operator")
)


@dataclass(frozen=True, slots=True)
class PlanTask:
    """One task; due only where deadline_kind is `quarter`, target only where there is a number."""

    id: str
    part: str
    content: str
    lead: tuple[str, ...]
    cooperating: tuple[str, ...]
    deadline: str
    deadline_kind: str
    due: date | None
    deliverable: str
    indicator: str | None
    target: float | None
    target_operator: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of one decision; parts: (number, title) in order."""

    number: str
    date: date
    issuer: str
    title: str
    parts: tuple[tuple[str, str], ...]
    tasks: tuple[PlanTask, ...]


def parse_plan(data: Table) -> Plan:
    """The plan of a checked file."""
    document = data["document"]
    return Plan(
        document["number"],
        document["date"],
        document["issuer"],
        document["title"],
        tuple((part["no"], part["title"]) for part in data["parts"]),
        tuple(
            PlanTask(
                id=task["id"],
                part=task["part"],
                content=task["content"],
                lead=tuple(task["lead"]),
                cooperating=tuple(task["cooperating"]),
                deadline=task["deadline"],
                deadline_kind=task["deadline_kind"],
                due=task.get("due"),
                deliverable=task["deliverable"],
                indicator=task.get("indicator"),
                target=task.get("target"),
                target_operator=task.get("target_operator"),
            )
            for task in data["tasks"]
        ),
    )


def plan_faults(file: str, data: Table) -> list[Fault]:
    """What is wrong in a plan file."""
    faults = Faults(file)
    faults.texts("", data)
    required = ("document", "deadline_kinds", "parts", "tasks")
    if not faults.shape("", data, _FILE, required):
        return faults.found
    faults.shape("document", data["document"], _DOCUMENT, ("number", "date", "issuer", "title"))
    for i, part in enumerate(data["parts"]):
        faults.shape(f"parts[{i}]", part, _PART, ("no", "title"))
    parts = tuple(str(part.get("no")) for part in data["parts"])
    ids: set[str] = set()
    for i, task in enumerate(data["tasks"]):
        key = f"tasks[{i}]"
        if not faults.shape(key, task, _TASK, _TASK_REQUIRED):
            continue
        text = f"mã “{task['id']}” đã dùng cho nhiệm vụ ở trên"
        faults.check(task["id"] not in ids, f"{key}.id", text)
        ids.add(task["id"])
        faults.listed(f"{key}.part", task["part"], parts)
        kinds = tuple(data["deadline_kinds"])
        faults.listed(f"{key}.deadline_kind", task["deadline_kind"], kinds)
        by_quarter = task["deadline_kind"] == "quarter"
        text = (
            "hạn theo quý thì phải ghi ngày" if by_quarter else "chỉ ghi khi hạn theo quý, hãy bỏ"
        )
        faults.check(("due" in task) == by_quarter, f"{key}.due", text)
        whole = ("target" in task) == ("target_operator" in task)
        text = "chỉ tiêu (target) và phép so sánh (target_operator) phải đi cùng nhau"
        faults.check(whole, f"{key}.target", text)
    return faults.found
