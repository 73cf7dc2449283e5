"""Setting up needs no compiler: every pinned package has a wheel wherever it is needed, as ``make lock`` found them."""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.utils import parse_wheel_filename

ROOT = Path(__file__).parents[1]
WHEELS = json.loads((ROOT / "tests" / "wheels.json").read_text(encoding="utf-8"))

#: Platform → what its interpreter says of itself, and the wheels it takes.
PLATFORMS = {
    "Linux x86-64": ("linux", "Linux", "x86_64", r"any|(many)?linux\w*_x86_64"),
    "Linux arm64": ("linux", "Linux", "aarch64", r"any|(many)?linux\w*_aarch64"),
    "macOS arm64": ("darwin", "Darwin", "arm64", r"any|macosx_\d+_\d+_(arm64|universal2)"),
    "Windows": ("win32", "Windows", "AMD64", r"any|win_amd64"),
}
PYTHONS = (11, 12, 13, 14)


def pinned(lock: str) -> dict[str, tuple[str, set[str]]]:
    """``name==version`` → its marker and the digests that pip accepts."""
    found = {}
    for block in re.split(r"(?m)^(?=\w)", (ROOT / lock).read_text(encoding="utf-8")):
        if head := re.match(r"([\w.-]+==[^\s;]+)(?: ; ([^\\\n]+))?", block):
            found[head[1]] = ((head[2] or "").strip(), set(re.findall(r"sha256:(\w+)", block)))
    return found


def environment(python: int, platform: str) -> dict[str, str]:
    system, name, machine, _ = PLATFORMS[platform]
    return {
        "python_version": f"3.{python}",
        "python_full_version": f"3.{python}.0",
        "sys_platform": system,
        "platform_system": name,
        "platform_machine": machine,
        "os_name": "nt" if system == "win32" else "posix",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "extra": "",
    }


def fits(wheel: str, python: int, platform: str) -> bool:
    """Whether CPython 3.`python` on a platform takes this wheel."""
    for tag in parse_wheel_filename(wheel)[3]:
        exact = tag.interpreter == f"cp3{python}" and tag.abi in (f"cp3{python}", "abi3", "none")
        older = re.fullmatch(r"cp3(\d+)", tag.interpreter) if tag.abi == "abi3" else None
        pure = tag.interpreter.startswith("py3") and tag.abi == "none"
        if exact or pure or (older and int(older[1]) <= python):
            if re.fullmatch(PLATFORMS[platform][3], tag.platform):
                return True
    return False


@pytest.mark.parametrize(("python", "platform"), list(product(PYTHONS, PLATFORMS)))
@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_pinned_package_has_a_wheel_that_pip_accepts(lock: str, python: int, platform: str):
    lacking = []
    for package, (marker, digests) in pinned(lock).items():
        if marker and not Marker(marker).evaluate(environment(python, platform)):
            continue
        wheels = WHEELS[package]["wheels"]
        if not any(digest in digests and fits(wheel, python, platform) for wheel, digest in wheels.items()):
            lacking.append(package)
    assert not lacking, f"{lock} would build from source on {platform}, Python 3.{python}: {', '.join(lacking)}"


def test_what_has_no_wheel_is_seen():
    assert not fits("pygambit-17.0.0b2-cp311-cp311-manylinux_2_24_x86_64.whl", 11, "Linux arm64")
    assert fits("x-1-cp39-abi3-manylinux_2_17_aarch64.whl", 13, "Linux arm64")
    assert fits("x-1-py3-none-any.whl", 14, "Windows")


def test_programs_of_others_under_another_licence_are_no_part_of_the_set_up():
    assert not any(
        name.startswith("pygambit") for lock in ("requirements.lock", "requirements-dev.lock") for name in pinned(lock)
    )
