"""What the lock files install, as wheels: made by ``make lock``, read by a test that needs no network.

    python .ci/wheels.py pylock.toml > tests/wheels.json

``name==version`` → when it is needed, and its wheels for the platforms below with their digests. Where they lie is
left out.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import unquote

#: Wheels of CPython on the four platforms that must need no compiler.
PLATFORM = re.compile(r"-(any|manylinux\w*_(x86_64|aarch64)[\w.]*|macosx_\w+_(arm64|universal2)[\w.]*|win_amd64)\.whl$")
PYTHON = re.compile(r"-(py3|py2\.py3|py3\d+|cp3\d+)[\w.]*-(none|abi3|cp3\d+)-")


def listed(package: dict[str, Any]) -> dict[str, Any]:
    """One package of a lock in the standard format (PEP 751)."""
    found = (
        (unquote(wheel["url"].rsplit("/", 1)[1]), wheel["hashes"]["sha256"]) for wheel in package.get("wheels", ())
    )
    wheels = {name: digest for name, digest in sorted(found) if PLATFORM.search(name) and PYTHON.search(name)}
    return {"marker": package.get("marker", ""), "wheels": wheels}


if __name__ == "__main__":
    packages = tomllib.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["packages"]
    print(json.dumps({f"{package['name']}=={package['version']}": listed(package) for package in packages}, indent=1))
