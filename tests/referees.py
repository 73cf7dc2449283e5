"""Answers of other people's programs, recorded with their version, so that agreement is tested without them.

``make peers`` installs the programs and asks them again; a test that asks something else than what was recorded fails
and says so.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "recorded"
CHILD = Path(__file__).with_name("gambit_child.py")
RENEW = "TRIANGLE_REFEREES"


def gambit(task: str, asked: list[Any], name: str) -> Any:
    """What Gambit answers to a list of games, files or (game, λ); `name` is that of the record."""

    def ask() -> Any:
        child = subprocess.run(
            [sys.executable, str(CHILD), task],
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            timeout=3000,
            check=True,
        )
        return json.loads(child.stdout)

    return recorded(name, asked, f"gambit_child.py {task}", ask)


def recorded(name: str, asked: Any, command: str, ask: Callable[[], Any]) -> Any:
    """The recorded answers to what is asked; asked anew and recorded where the environment says ``renew``."""
    path, digest = FOLDER / f"{name}.json", digest_of(asked)
    if os.environ.get(RENEW) == "renew":
        record = {"program": f"pygambit {version('pygambit')}", "command": command, "asked": digest, "answers": ask()}
        FOLDER.mkdir(exist_ok=True)
        path.write_text(json.dumps(record, separators=(",", ":")) + "\n", encoding="utf-8")
    record = json.loads(path.read_text(encoding="utf-8"))
    assert record["asked"] == digest, f"{path.name} answers another question; run `make peers`"
    return record["answers"]


def digest_of(asked: Any) -> str:
    """A digest of what is asked; numbers to ten digits, so that the last bits of a platform have no part in it."""
    return hashlib.sha256(json.dumps(_rounded(asked)).encode()).hexdigest()


def _rounded(asked: Any) -> Any:
    if isinstance(asked, dict):
        return {key: _rounded(value) for key, value in asked.items()}
    if isinstance(asked, list | tuple):
        return [_rounded(value) for value in asked]
    return f"{asked:.10g}" if isinstance(asked, float) else asked
