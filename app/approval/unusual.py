"""What a leader should look at twice before signing many at once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facts:
    """A dossier that waits for a signature, as the rules below see it.

    late: its due date, or the step's own, is over. changed: since the list was opened. ready: it
    can be signed now by this person. decides: the signature is the decision.
    """

    late: bool = False
    changed: bool = False
    opinion: bool = True
    refusal: bool = False
    own: bool = False
    ready: bool = True
    decides: bool = True


# In the order in which they are shown; what stands first is the weightiest.
RULES = (
    ("gone", "không còn chờ bạn ký"),
    ("own", "bạn đã trình hồ sơ này, người khác phải ký"),
    ("changed", "đã thay đổi sau khi bạn mở danh sách"),
    ("late", "quá hạn"),
    ("refusal", "đề nghị từ chối"),
    ("opinion", "thiếu ý kiến thẩm định"),
)


def remarks(facts: Facts) -> tuple[str, ...]:
    """The reasons why it is unusual, weightiest first; nothing for a usual one."""
    holds = {
        "gone": not facts.ready,
        "own": facts.own and facts.decides,
        "changed": facts.changed,
        "late": facts.late,
        "refusal": facts.refusal,
        "opinion": not facts.opinion,
    }
    return tuple(words for key, words in RULES if holds[key])
