"""How soon the explorer answers, in a browser without a window: the first answer, a slider, and all that is worked out.

    python benchmarks/bench_explorer.py [SCENARIO...] [--moves 200] [--json]

Run by hand, where playwright and Chromium are. Writes a page with the explorer alone, opens it several times, and moves
sliders drawn at random. Times are the browser's own clock: the *first answer* from the start of the navigation to the
answer on the page; a slider's *answer* from its event to the picture after it; *at rest* until strips and map are
complete, too. Whole clock times mean little on a shared machine; what the size of the file is does not depend on it.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import tempfile
from pathlib import Path
from typing import Any

from triangle.model.model import read_model
from triangle.report.explorer import explorer
from triangle.report.html import html_of
from triangle.scenarios.scenario import read_scenario
from triangle.showing.blocks import Page, plain
from triangle.showing.material import Material
from triangle.showing.phrases import read_phrases
from triangle.study.study import of_one_cast, study

FRAME = ("skip", "contents", "sort", "origin", "over", "picture", "no_script")

FIRST = """() => new Promise((done) => {
  const isThere = () => document.querySelector(".explorer[data-stable]") !== null;
  const look = () => (isThere() ? done(performance.now()) : requestAnimationFrame(look));
  look();
})"""

#: One movement: from the event to after the next picture, the answer being on the page at once.
MOVE = """([place, to]) => new Promise((done) => {
  const sliders = [...document.querySelectorAll(".explorer .slider > input[type=range]")];
  const one = sliders[place % sliders.length];
  one.value = String(to);
  const start = performance.now();
  one.dispatchEvent(new Event("input", { bubbles: true }));
  const solved = performance.now() - start;
  requestAnimationFrame(() => setTimeout(() => done([solved, performance.now() - start])));
})"""

REST = """() => new Promise((done) => {
  const [root, start] = [document.querySelector(".explorer"), performance.now()];
  root.querySelector(".slider > input[type=range]").dispatchEvent(new Event("change", { bubbles: true }));
  const look = () => (root.dataset.idle === root.dataset.asked ? done(performance.now() - start) : setTimeout(look, 2));
  setTimeout(look);
})"""


def written(names: list[str], folder: Path) -> Path:
    model = read_model()
    studies = tuple(of_one_cast([study(model, read_scenario(name, model)) for name in names]))
    section = explorer(Material(studies, read_phrases("en", studies[0].cast), 256, 0, words=tuple(names)))
    page = Page("en", plain("Explorer"), plain(""), (section,), plain(""), dict.fromkeys(FRAME, "–"))
    path = folder / "explorer.html"
    path.write_text(html_of(page), encoding="utf-8")
    return path


def measured(path: Path, moves: int) -> dict[str, Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        firsts = []
        for _ in range(9):
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(path.as_uri(), wait_until="commit")
            firsts.append(page.evaluate(FIRST))
            page.close()
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(path.as_uri())
        answers = [page.evaluate(MOVE, [37 * k, (61 * k) % 201]) for k in range(moves)]
        page.locator("[data-reset]").click()
        rest = [page.evaluate(REST) for _ in range(5)]
        browser.close()
    return {
        "first answer": firsts,
        "slider: solved and written": [solved for solved, _ in answers],
        "slider: on the screen": [shown for _, shown in answers],
        "at rest": rest,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", nargs="*", default=["baseline", "europe_joins", "rift_shock"])
    parser.add_argument("--moves", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = written(asked.scenarios, Path(folder))
        size, times = path.stat().st_size, measured(path, asked.moves)
    found = {
        name: {"median": statistics.median(all_), "lowest": min(all_), "highest": max(all_)}
        for name, all_ in times.items()
    }
    if asked.json:
        print(json.dumps({"scenarios": asked.scenarios, "bytes": size, "milliseconds": found}))
        return
    print(f"{', '.join(asked.scenarios)}: {size / 1e6:.2f} MB; milliseconds, median [lowest .. highest]")
    for name, row in found.items():
        print(f"{name:28} {row['median']:8.1f} [{row['lowest']:.1f} .. {row['highest']:.1f}]")


if __name__ == "__main__":
    main()
