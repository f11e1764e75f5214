"""Load on loopback with wrk (Debian's), bounded in time; what it measured."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass(frozen=True, slots=True)
class Load:
    """Requests a second, latencies in milliseconds, answers that were not 2xx."""

    rate: float
    p50: float
    p99: float
    bad: int


def run(url: str, *, clients: int, seconds: int, script: str = "") -> Load:
    """Drive a URL with so many open connections for so many seconds."""
    if shutil.which("wrk") is None:
        raise SystemExit("Cần wrk để đo qua HTTP: apt-get install wrk")
    command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--latency", "--timeout", "10s"]
    with tempfile.TemporaryDirectory() as folder:
        if script:
            path = Path(folder) / "request.lua"
            path.write_text(script, "utf-8")
            command += ["-s", str(path)]
        out = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", out)
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    if rate is None:
        raise RuntimeError(out)
    return Load(float(rate[1]), _latency(out, 50), _latency(out, 99), int(bad[1]) if bad else 0)


def _latency(out: str, percent: int) -> float:
    found = re.search(rf"{percent}%\s+([\d.]+)(us|ms|s)", out)
    if found is None:
        raise RuntimeError(out)
    return float(found[1]) * UNITS[found[2]]


def post_script(token: str, body: str) -> str:
    """A wrk script that posts an intake, each with an idempotency key of its own."""
    quoted = body.replace("\\", "\\\\").replace("'", "\\'")
    return f"""
local count = 0
local run = tostring(os.time()) .. tostring(math.random(1000000000))
math.randomseed(os.time())
function request()
  count = count + 1
  return wrk.format("POST", nil, {{
    ["Authorization"] = "Bearer {token}", ["Content-Type"] = "application/json",
    ["Idempotency-Key"] = run .. "-" .. count }}, '{quoted}')
end
"""
