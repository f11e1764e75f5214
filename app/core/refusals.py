"""Why the answer is no."""

from __future__ import annotations


class Refused(Exception):
    """A lawful no: nothing was changed, and the sentence says what is wrong and what to do.

    code: stable identifier for programs (`incomplete`, `not_allowed`, …).
    sentence: Vietnamese, complete, NFC; shown to people as it is.
    fields: for each input key that is wrong, its own sentence.
    detail: plain values for programs (for `incomplete`: the missing component indices, …).
    """

    def __init__(
        self,
        code: str,
        sentence: str,
        *,
        fields: dict[str, str] | None = None,
        detail: dict[str, object] | None = None,
    ) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code
        self.sentence = sentence
        self.fields = fields or {}
        self.detail = detail or {}
