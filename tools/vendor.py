"""Files made by others that are committed here: what they are, and that nobody changed them.

    python tools/vendor.py --check    # every sum as recorded, nothing unrecorded; used in CI
    python tools/vendor.py --record   # after an upgrade: write the new sums
    python tools/vendor.py --fetch    # `npm pack` each package again and copy what comes out

The manifests are app/static/vendor.toml and app/documents/fonts/fonts.toml: one [[file]] a file
with name, version, licence, source, file (beside the manifest), sha256 and the command that makes
it. `--fetch` cuts the screen fonts anew, so it needs brotli; it does not change the manifests.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Each manifest with the folders in which every file must be recorded.
MANIFESTS = {
    ROOT / "app" / "static" / "vendor.toml": ("fonts", "vendor"),
    ROOT / "app" / "documents" / "fonts" / "fonts.toml": (".",),
}
FIELDS = ("name", "version", "licence", "source", "file", "sha256", "command")


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def rows(manifest: Path) -> list[dict[str, str]]:
    return tomllib.loads(manifest.read_text(encoding="utf-8"))["file"]


def complaints(manifest: Path, folders: tuple[str, ...]) -> Iterator[str]:
    """What is wrong with the files of one manifest, a sentence each; nothing when all is well."""
    recorded = set()
    for row in rows(manifest):
        label = row.get("file", "?")
        if absent := [field for field in FIELDS if not row.get(field)]:
            yield f"{manifest.name}: {label} lacks {', '.join(absent)}"
            continue
        path = manifest.parent / row["file"]
        recorded.add(path.resolve())
        if not path.is_file():
            yield f"{manifest.name}: {label} is recorded but not there"
        elif sha256(path) != row["sha256"]:
            yield f"{manifest.name}: {label} is not the file that was recorded"
    for folder in folders:
        for path in sorted((manifest.parent / folder).rglob("*")):
            if path.is_file() and path != manifest and path.resolve() not in recorded:
                yield f"{manifest.name}: {path.relative_to(manifest.parent)} is not recorded"


def check() -> int:
    wrong = [line for item in MANIFESTS.items() for line in complaints(*item)]
    for line in wrong:
        print(line)
    if not wrong:
        print(f"{sum(len(rows(manifest)) for manifest in MANIFESTS)} files as recorded")
    return 1 if wrong else 0


def record() -> None:
    for manifest in MANIFESTS:
        text = manifest.read_text(encoding="utf-8")
        for row in rows(manifest):
            pattern = rf'(file = "{re.escape(row["file"])}"\nsha256 = ")[0-9a-f]*"'
            text = re.sub(pattern, rf'\g<1>{sha256(manifest.parent / row["file"])}"', text)
        manifest.write_text(text, encoding="utf-8")


def unpacked(package: str, folder: Path) -> Path:
    """The npm package `name@version`, unpacked under `folder`; its scripts never run."""
    target = folder / re.sub(r"\W", "_", package)
    target.mkdir()
    subprocess.run(["npm", "pack", "--ignore-scripts", "--silent", package], cwd=target, check=True)
    (archive,) = target.glob("*.tgz")
    with tarfile.open(archive) as bundle:
        bundle.extractall(target, filter="data")
    return target / "package"


def fetch() -> None:
    """Copy or cut every file of vendor.toml again from its npm package."""
    static = ROOT / "app" / "static"
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        packages: dict[str, Path] = {}
        for row in rows(static / "vendor.toml"):
            package = f"{row['name']}@{row['version']}"
            if package not in packages:
                packages[package] = unpacked(package, folder)
            if row["command"] == "copy":
                target = static / row["file"]
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(packages[package] / row["source"], target)
        by_name = {package.rpartition("@")[0]: path for package, path in packages.items()}
        inter, headings = by_name["@fontsource/inter"], by_name["@fontsource/be-vietnam-pro"]
        cutter = [sys.executable, str(ROOT / "tools" / "cut_fonts.py"), "screen"]
        subprocess.run([*cutter, str(inter), str(headings)], check=True)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    group = parser.add_mutually_exclusive_group(required=True)
    for name in ("check", "record", "fetch"):
        group.add_argument(f"--{name}", action="store_true")
    asked = parser.parse_args(arguments)
    if asked.fetch:
        fetch()
    if asked.record:
        record()
    return check()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
