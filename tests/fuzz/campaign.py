"""A campaign of changed files and of command lines, each made from its own seed: ``python -m fuzz.campaign``.

Whatever is answered wrongly is kept in a folder and its seed printed; ``--only KIND --first SEED --inputs 1`` makes it
again.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from . import kinds, oracle
from .lines import Maker

#: One file in so many is also read through the whole command.
THROUGH_THE_COMMAND = 50

LINES = "command line"


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@contextlib.contextmanager
def _emptied() -> Iterator[Path]:
    outer = Path(tempfile.mkdtemp(prefix="triangle-fuzz-"))
    folder = outer / "here"  # so that .. is ours too
    folder.mkdir()
    try:
        with _inside(folder):
            yield folder
    finally:
        shutil.rmtree(outer, ignore_errors=True)


def try_file(name: str, seed: int, kept: Path, through_the_command: bool = False) -> tuple[str, list[str]]:
    """How one changed file is answered, and the faults in that; it is kept if there are any."""
    kind, rng = kinds.KINDS[name], random.Random(f"{name} {seed}")
    with _emptied() as folder:
        place = oracle.lay(kind, rng, folder)
        how, faults = oracle.of_reading(kind, place)
        if through_the_command and kind.line:
            faults += oracle.of_line([word.replace("{}", str(place)) for word in kind.line])[1]
        if faults:
            faults.append(f"kept: {oracle.keep(place, kept, f'{name}-{seed}'.replace(' ', '_'))}")
    return how, faults


def try_line(seed: int, kept: Path, slow: bool = True) -> tuple[str, list[str]]:
    """How one command line is answered, and the faults in that; it is kept if there are any."""
    rng = random.Random(f"{LINES} {seed}")
    with _emptied() as folder:
        files = [_copied(sound, kind.file, folder / f"{place}") for place, (sound, kind) in enumerate(_some(rng))]
        words = Maker(rng, files, folder, slow).line()
        how, faults = oracle.of_line(words)
    if faults:
        kept.mkdir(parents=True, exist_ok=True)
        (kept / f"line-{seed}.txt").write_text("\n".join(map(repr, words)), encoding="utf-8", errors="backslashreplace")
        faults += [f"words: {words!r}"[:2000], f"kept: {kept / f'line-{seed}.txt'}"]
    return how, faults


def _some(rng: random.Random) -> list[tuple[bytes | Path, kinds.Kind]]:
    return [(rng.choice(kind.sound()), kind) for kind in rng.sample([*kinds.KINDS.values()], 3)]


def _copied(sound: bytes | Path, name: str, folder: Path) -> Path:
    folder.mkdir()
    if isinstance(sound, Path):
        shutil.copytree(sound, folder / name)
    else:
        (folder / name).write_bytes(sound)
    return folder / name


def main() -> int:
    """Try as many as asked; leave with 1 where anything was answered wrongly."""
    parser = argparse.ArgumentParser(description="Changed files and command lines by the thousand.")
    parser.add_argument("--inputs", type=int, default=100_000, help="changed files")
    parser.add_argument("--lines", type=int, default=5_000, help="command lines")
    parser.add_argument("--first", type=int, default=0, help="the seed of the first")
    parser.add_argument("--only", choices=[*kinds.KINDS, LINES], action="append", help="this kind only; repeatable")
    parser.add_argument("--kept", type=Path, default=Path("fuzz-found"), help="where wrongly answered inputs are kept")
    asked = parser.parse_args()
    names = [name for name in kinds.KINDS if not asked.only or name in asked.only]
    lines = asked.lines if not asked.only or LINES in asked.only else 0
    kept, found, answered = asked.kept.resolve(), Counter[str](), Counter[str]()
    begun, shown = time.monotonic(), 0.0
    for name in names:
        kinds.KINDS[name].sound()  # made once, by commands, before anything is tried
    work = _shuffled(names, asked.inputs if names else 0, lines, asked.first)
    for done, (name, seed) in enumerate(work, 1):
        if name == LINES:
            how, faults = try_line(seed, kept)
        else:
            how, faults = try_file(name, seed, kept, seed % THROUGH_THE_COMMAND == 0)
        answered[how] += 1
        if faults:
            found[name] += 1
            print(f"\n{name}, seed {seed}:", *(fault[-3000:] for fault in faults), sep="\n  ", flush=True)
        if time.monotonic() - shown > 10:
            shown = time.monotonic()
            print(
                f"{done:,} of {len(work):,} in {shown - begun:.0f} s, {sum(found.values())} wrong",
                file=sys.stderr,
                flush=True,
            )
    print(
        f"{len(work):,} tried from seed {asked.first}: {dict(answered)}; {sum(found.values())} answered wrongly",
        dict(found),
    )
    return 1 if found else 0


def _shuffled(names: list[str], inputs: int, lines: int, first: int) -> list[tuple[str, int]]:
    """What is tried, in an order in which every part has a bit of everything."""
    work = [(names[place % len(names)], first + place // len(names)) for place in range(inputs)]
    work += [(LINES, first + place) for place in range(lines)]
    random.Random(0).shuffle(work)
    return work


if __name__ == "__main__":
    os.environ["COLUMNS"] = "160"
    sys.exit(main())
