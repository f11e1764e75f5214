"""Reads a JSON body strictly: what a program cannot have meant is refused with a sentence."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from flask import Request
from webargs import missing
from webargs.flaskparser import FlaskParser, is_json_request

from app.core.refusals import Refused

DEEPEST, LARGEST = 12, 2**63
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class StrictParser(FlaskParser):
    """webargs' parser, but a body is read by `read_json`, and must say that it is JSON.

    An unknown parameter of an address is refused too: a typo never passes for "left out".
    """

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {  # noqa: RUF012 - webargs' own form
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": None,
    }  # fmt: skip

    def _raw_load_json(self, req: Request) -> Any:
        raw = req.get_data(cache=True)
        if not raw:
            return missing
        if not is_json_request(req):
            raise Refused("not_json", "Hãy gửi dữ liệu dạng JSON (Content-Type: application/json).")
        return read_json(raw)


def read_json(raw: bytes) -> Any:
    """The value of a body in UTF-8.

    Refused `bad_json` where it is no JSON, repeats a key or lies too deep; `bad_request` where a
    text holds what cannot be stored or shown (control characters, lone surrogates) or a number has
    more than 64 bits.
    """
    try:
        value = json.loads(
            raw.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number
        )
    except RecursionError:
        raise Refused("bad_json", f"Dữ liệu JSON lồng nhau quá {DEEPEST} tầng.") from None
    except ValueError:
        raise Refused(
            "bad_json", "Dữ liệu gửi lên không phải JSON đúng (mã UTF-8), hãy kiểm tra lại."
        ) from None
    _check(value)
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refused("bad_json", "Dữ liệu JSON ghi một mục hai lần, hãy chỉ ghi một lần.")
    return found


def _no_number(_: str) -> NoReturn:
    raise Refused("bad_json", "JSON không có số NaN hay vô cực, hãy gửi số nguyên.")


def _check(value: Any) -> None:
    left: list[tuple[str, Any, int]] = [("", value, 1)]
    while left:
        path, item, depth = left.pop()
        if depth > DEEPEST:
            raise Refused("bad_json", f"Dữ liệu JSON lồng nhau quá {DEEPEST} tầng.")
        if isinstance(item, dict):
            for key, inner in item.items():
                if _UNREADABLE.search(key):
                    raise Refused("bad_json", "Tên một mục của JSON có ký tự không đọc được.")
                left.append((f"{path}.{key}" if path else key, inner, depth + 1))
        elif isinstance(item, list):
            left += [(f"{path}[{i}]", inner, depth + 1) for i, inner in enumerate(item)]
        elif isinstance(item, str) and _UNREADABLE.search(item):
            raise _wrong(path, "có ký tự không đọc được, hãy gõ lại.")
        elif isinstance(item, int) and not -LARGEST <= item < LARGEST:
            raise _wrong(path, "là số quá lớn.")


def _wrong(path: str, what: str) -> Refused:
    sentence = f"Mục “{path[:80]}” {what}"
    return Refused("bad_request", sentence, fields={path: sentence} if path else {})
