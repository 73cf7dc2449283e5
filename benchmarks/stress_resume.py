"""Kill a sweep with SIGKILL at random moments, resume it each time, and compare with a run that nobody disturbed.

    python benchmarks/stress_resume.py [--kills 20] [--samples 8000000] [--seed 0] [--workers 2]

After every kill the store must load, and every game that it calls computed must be right. Leaves with 1 if not.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import triangle
from triangle.sweeps import archive


def _wait(process: subprocess.Popen[bytes], chunks: Path, draw: random.Random) -> None:
    """Until a random moment: one time in four of the start, else after the run has begun to store games."""
    if draw.random() < 0.25:
        time.sleep(draw.uniform(0, 1))
        return
    before = len(list(chunks.glob("*.npz")))
    while process.poll() is None and len(list(chunks.glob("*.npz"))) <= before:
        time.sleep(0.001)
    time.sleep(draw.uniform(0, 0.4))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--samples", type=int, default=8_000_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    expected = triangle.sweep("baseline", samples=options.samples)["mask"].values
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        command = [sys.executable, "-m", "triangle", "sweep", "baseline", "--samples", str(options.samples), "--json"]
        command += ["--chunk", "8192", "--workers", str(options.workers), "--out", str(run), "--resume"]
        killed = 0
        while killed < options.kills:
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
            _wait(process, run / "chunks", draw)
            if process.poll() is not None:
                print(f"done after {killed} kills; ask for more --samples")
                break
            process.kill()
            process.wait()
            killed += 1
            if not (run / "manifest.json").exists():
                print(f"kill {killed:2}: before the store was begun")
                continue
            part = archive.load(run)
            computed = part["computed"].values if "computed" in part else np.ones(options.samples, dtype=bool)
            if not (part["mask"].values[computed] == expected[computed]).all():
                print("the store holds games that are wrong")
                return 1
            print(f"kill {killed:2}: {computed.sum():,} games stored, all right")
        out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        same = bool((archive.load(run)["mask"].values == expected).all())
        print(f"{killed} kills; resumed: {json.loads(out)['computed']:,} games; identical: {same}")
        return 0 if same and killed == options.kills else 1


if __name__ == "__main__":
    sys.exit(main())
