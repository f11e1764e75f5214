#!/usr/bin/env python3
"""One command from a fresh clone: run, test, bench, mutants, lint, lock. Standard library only.

python3 dev.py run [--port 8000] [--host 127.0.0.1] [--office ID] [--fresh] [--dossiers N]
python3 dev.py test [PYTEST ARGUMENTS]
python3 dev.py bench [NAME …] [--rows N] [--postgres URL]
python3 dev.py mutants [--file NAME] [--jobs N]
python3 dev.py lint | lock
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "motcua.stamp"


def main() -> int:
    if sys.version_info < (3, 11):
        print("Cần Python 3.11 trở lên; máy này có " + sys.version.split()[0] + ".")
        return 2
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", line_buffering=True)
    tasks = {
        "run": run,
        "test": test,
        "bench": bench,
        "mutants": mutants,
        "lint": lint,
        "lock": lock,
    }
    if len(sys.argv) < 2 or sys.argv[1] not in tasks:
        print(__doc__)
        return 2
    os.chdir(ROOT)
    return tasks[sys.argv[1]](sys.argv[2:])


def make_venv(lock_name: str) -> None:
    """The environment of a hashed lock; a half-made or outdated one is made again."""
    lock_file = ROOT / lock_name
    digest = hashlib.sha256(lock_file.read_bytes()).hexdigest()
    have = STAMP.read_text().split() if STAMP.is_file() else []
    dev_digest = hashlib.sha256((ROOT / "requirements-dev.txt").read_bytes()).hexdigest()
    if PYTHON.exists() and (digest in have or dev_digest in have):
        return  # the environment with the test tools holds the smaller one too
    print(f"Đang cài thư viện ({lock_name}) vào .venv, lần đầu mất khoảng nửa phút …")
    if not PYTHON.exists() or not have:
        venv.create(VENV, clear=True, with_pip=True)
    STAMP.unlink(missing_ok=True)
    subprocess.run(
        [
            PYTHON,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "-r",
            lock_file,
        ],
        check=True,
    )
    STAMP.write_text(digest)


def run(arguments: list) -> int:
    """Serve the demo office: environment, key, migrations, rule files, demo data, server."""
    parser = argparse.ArgumentParser(prog="dev.py run")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--office", default=None)
    parser.add_argument("--fresh", action="store_true", help="xóa dữ liệu thử và làm lại")
    parser.add_argument("--dossiers", type=int, default=300)
    options = parser.parse_args(arguments)
    make_venv("requirements.txt")
    env = demo_environment(options)
    instance = Path(env["MOTCUA_INSTANCE_DIR"])
    if options.fresh and (instance / "demo.mark").is_file():
        shutil.rmtree(instance)
    instance.mkdir(parents=True, exist_ok=True)
    flask = [PYTHON, "-m", "flask", "--app", "wsgi"]
    ready = subprocess.run(
        [*flask, "demo", "prepare", "--dossiers", str(options.dossiers)], env=env, check=False
    )
    if ready.returncode:
        return ready.returncode
    say_where(options, env)
    return serve(options, env)


def demo_environment(options) -> dict:
    """The settings of a demo: one instance folder an office, so that two never mix."""
    env = dict(os.environ)
    office = options.office or env.get("MOTCUA_OFFICE") or "nga-son-2018"
    env.setdefault("MOTCUA_DEMO", "1")
    env["MOTCUA_OFFICE"] = office
    shown = "127.0.0.1" if options.host == "0.0.0.0" else options.host  # noqa: S104
    env.setdefault("MOTCUA_BASE_URL", f"http://{shown}:{options.port}")
    folder = ROOT / "instance" / ("" if office == "nga-son-2018" else office)
    env.setdefault("MOTCUA_INSTANCE_DIR", str(folder))
    env["PYTHONUTF8"] = "1"
    return env


def say_where(options, env) -> None:
    """The address and the demo log-ins."""
    print(f"\n  Một cửa đang chạy: {env['MOTCUA_BASE_URL']}\n")
    if env.get("MOTCUA_DEMO") == "1":
        suffix = "" if env["MOTCUA_OFFICE"] != "nga-son-2018" else " · tiepnhan.xa · lanhdao.xa"
        print("  Tài khoản thử (mật khẩu motcua-demo): tiepnhan · chuyenvien · truongphong ·")
        print(f"  lanhdao · vanthu · traketqua · chanhvp · quantri{suffix}\n")
    if options.host not in ("127.0.0.1", "localhost"):
        print("  Máy khác trong mạng mở được địa chỉ này. Camera và máy quét Web Serial chỉ chạy")
        print("  trên HTTPS hoặc localhost: đặt máy chủ sau một proxy có TLS để dùng chúng.\n")
    print("  Dừng: Ctrl+C\n")


def serve(options, env) -> int:
    """gunicorn where it runs, waitress elsewhere (Windows)."""
    if os.name == "nt":
        command = [
            PYTHON,
            "-m",
            "waitress",
            f"--listen={options.host}:{options.port}",
            "--threads=8",
            "wsgi:app",
        ]
    else:
        command = [
            PYTHON,
            "-m",
            "gunicorn",
            "--bind",
            f"{options.host}:{options.port}",
            "--workers",
            "1",
            "--threads",
            "8",
            "--worker-class",
            "gthread",
            "--log-level",
            "warning",
            "wsgi:app",
        ]
        os.execve(PYTHON, [str(part) for part in command], env)
    try:
        return subprocess.run(command, env=env, check=False).returncode
    except KeyboardInterrupt:
        return 0


def test(arguments: list) -> int:
    """Every test, on SQLite and PostgreSQL, with a browser where there is one."""
    make_venv("requirements-dev.txt")
    # Files of the browser take longest with the fewest tests: ours come first, not the fullest.
    given = arguments or ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    return subprocess.run([PYTHON, "-m", "pytest", *given], check=False).returncode


def bench(arguments: list) -> int:
    """The benchmarks, each beside its floor in the same run."""
    make_venv("requirements-dev.txt")
    return subprocess.run([PYTHON, "-m", "bench", *arguments], check=False).returncode


def mutants(arguments: list) -> int:
    """Small faults put into the core's clock and table: the tests must notice them."""
    make_venv("requirements-dev.txt")
    return subprocess.run([PYTHON, "tools/mutants.py", *arguments], check=False).returncode


def lint(_arguments: list) -> int:
    """ruff, mypy, import-linter, deptry, vendored files: all must be clean."""
    make_venv("requirements-dev.txt")
    commands = (
        [PYTHON, "-m", "ruff", "check", "."],
        [PYTHON, "-m", "ruff", "format", "--check", "."],
        [PYTHON, "-m", "mypy"],
        [BIN / "lint-imports"],
        [PYTHON, "-m", "deptry", "."],
        [PYTHON, "tools/vendor.py", "--check"],
    )
    failed = [c for c in commands if subprocess.run(c, check=False).returncode]
    print("lint: " + ("sạch" if not failed else f"{len(failed)} phép kiểm có lỗi"))
    return 1 if failed else 0


def lock(_arguments: list) -> int:
    """Write both locks anew, with hashes and without any registry's address."""
    make_venv("requirements-dev.txt")
    subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", "uv"], check=True)
    common = [
        BIN / "uv",
        "pip",
        "compile",
        "pyproject.toml",
        "--universal",
        "--generate-hashes",
        "--python-version",
        "3.11",
        "--no-emit-index-url",
        "--no-header",
        "--quiet",
    ]
    for extra, name in (
        ([], "requirements.txt"),
        (["--group", "dev", "-c", "requirements.txt"], "requirements-dev.txt"),
    ):
        subprocess.run([*common, *extra, "-o", name], check=True)
        if "://" in (ROOT / name).read_text():
            print(f"{name}: có địa chỉ trong tệp khóa, không được")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
