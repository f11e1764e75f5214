"""Passwords: argon2id, at least twelve characters, not guessable, no rules of composition."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from app.core.refusals import Refused
from app.core.vietnamese import fold

SHORTEST, LONGEST, ENOUGH = 12, 128, 3
LOCAL_WORDS = ("motcua", "ubnd", "ngason", "thanhhoa", "hanhchinh", "huyen", "tinh", "matkhau")
# OWASP's setting for argon2id: 19 MiB, two passes; the library's default would let a few
# log-ins at once fill both cores.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Checked for an unknown user, so that it takes as long as for a known one.
_NOBODY = _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """What is stored of a password."""
    return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one; takes as long where nothing is stored."""
    try:
        _hasher.verify(stored or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def check_new(password: str, username: str, name: str) -> None:
    """Refused `weak_password` with what to do."""
    if len(password) < SHORTEST:
        raise _weak(f"Mật khẩu phải có ít nhất {SHORTEST} ký tự; bạn nhập {len(password)}.")
    if len(password) > LONGEST:
        raise _weak(f"Mật khẩu dài quá {LONGEST} ký tự, hãy chọn ngắn hơn.")
    known = [username, *name.split(), *LOCAL_WORDS]
    if min(_score(password, known), _score(_without(password, known), known)) < ENOUGH:
        raise _weak(
            "Mật khẩu này dễ đoán. Hãy ghép bốn, năm từ không liên quan nhau, "
            "tránh tên người, tên cơ quan, ngày tháng."
        )


def _score(password: str, known: list[str]) -> int:
    return int(zxcvbn(password[:72], user_inputs=known)["score"]) if password else 0


def _without(password: str, known: list[str]) -> str:
    """What is left when the words that colleagues would guess first are taken out."""
    rest = fold(password).replace(" ", "")
    for word in sorted((fold(w).replace(" ", "") for w in known), key=len, reverse=True):
        rest = rest.replace(word, "") if len(word) > 2 else rest
    return rest


def _weak(sentence: str) -> Refused:
    return Refused("weak_password", sentence, fields={"password": sentence})
