"""What one triad answers to the questions, each when it is asked for; as a program it writes all answers as JSON.

python side_by_side.py FOLDER...

For each folder a process is forked off that has loaded what it needs and asked nothing: it reads FOLDER/triad, the file
of a triad or nothing for the shipped one, and writes FOLDER/answers.json.

Alone, a sweep is computed in the process itself; together, by workers of which each hears of one triad after the other.
"""

from __future__ import annotations

import importlib
import io
import json
import multiprocessing
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from budgets import LARGE
from rich.console import Console

import triangle
from triangle.base.records import to_document
from triangle.measures.draws import read_draws
from triangle.questions.answer import answer as question_answer
from triangle.questions.compare.answer import compare
from triangle.questions.compare.table import comparison
from triangle.questions.flip.table import flip_tables
from triangle.questions.solve.asking import ask
from triangle.questions.tipping.answer import tippings
from triangle.report import answer, game
from triangle.report.markdown import markdown_of
from triangle.scenarios.scenario import shipped_names
from triangle.showing import inline
from triangle.showing.blocks import Page, plain
from triangle.showing.maps import looks_of
from triangle.showing.material import Material
from triangle.showing.phrases import read_phrases
from triangle.sweeps.archive import load
from triangle.sweeps.digest import code_digest

#: Sections of a report that take little time.
SECTIONS = (answer.question, answer.answer, answer.picture, answer.differs)

#: Those that are of one study: in the small budget the one that takes longest, with a part for each study.
OF_ONE = () if LARGE else (answer.answer,)

#: A trace for each player and equilibrium, of which one is asked apart.
FURTHER = (game.terms,) if LARGE else ()

#: Base samples of what the report's answer rests on.
BASE_SAMPLES = question_answer.BASE_SAMPLES if LARGE else 8


def answers(folder: Path, triad: str | None, workers: int) -> Iterator[tuple[str, Any]]:
    """Each answer with its name; sweeps are stored in the folder."""
    model = triangle.read_model(triad=triad)
    cast, (name, other) = model.cast, shipped_names(model.cast)[:2]
    first, second = (triangle.load(each, model=model) for each in (name, other))
    yield "order", to_document(ask(second, "order", order=((0,), (1, 2))))
    yield "correlated", to_document(ask(first, "correlated"))
    yield "trace", to_document(triangle.trace(name, cast.codes[1], "5", model=model))
    yield "compare", to_document(compare((first, second), 0.5))
    yield "compared", _text(comparison((first, second), compare((first, second), 0.5)))
    games = triangle.sweep(name, {"relief": [0.0, 0.5]}, samples=24, margins=["5"], model=model)
    yield "sweep", [games["mask"].values.tolist(), games["margin"].values.tolist(), games.attrs["digest"]]
    yield "counted", to_document(games.triangle.tally)
    yield "looks", [look.text for look in looks_of(games["mask"].values, cast)[0].values()]
    erring = triangle.sweep(name, {"relief": [0.0, 1.0]}, method="logit", model=model)
    yield "logit", [erring["action"].values.tolist(), erring["probability"].values.tolist()]
    triangle.sweep(name, samples=64, model=model, out=folder / "run", workers=workers)
    yield "stored", load(folder / "run")["mask"].values.tolist()
    yield "read back", read_draws(folder / "run").outcome(f"holds:{cast.action_text(1, 1)}")[0].tolist()
    flip = triangle.flip(first, away=True, starts=1, names=["relief", "reversal_hazard"], norm="l1")
    yield "flip", to_document(flip)
    yield "flipped", _text(flip_tables(first, flip))
    yield "tipping", to_document(tippings(first))
    yield "choose", to_document(triangle.choose(first, levers={"relief": [0.0, 1.0]}, samples=16))
    if LARGE:  # by default in ``test_triad.py`` alone, which compares those of two triads in one process
        yield "bid", to_document(triangle.bid(first, samples=4, steps=2))
    yield "contrast", to_document(triangle.contrast(first, second, samples=16))
    m = Material((first, second), read_phrases("en", cast), 8, 0)
    one = replace(m, studies=(first,), kept={})
    # The report's own flips take longer than all of the rest; a flip was asked above.
    change = question_answer.nearest_change if LARGE else lambda *_: None
    # What is drawn takes as long, and is left out of Markdown, which has the words of a picture.
    pictures = {"inline": inline.inline, "terms_plot": inline.terms_plot}
    drawn = patch.multiple(inline, **(pictures if LARGE else {"inline": lambda *_: "", "terms_plot": lambda *_: None}))
    with drawn, patch.multiple(question_answer, nearest_change=change, BASE_SAMPLES=BASE_SAMPLES):
        # The terms have a picture for each equilibrium: of one study; in the small budget the answer is of one, too.
        sections = [make(one if make in OF_ONE else m) for make in SECTIONS] + [make(one) for make in FURTHER]
    page = Page("en", plain(name), plain(other), tuple(sections), plain(""), {"picture": "Picture"})
    yield "report", markdown_of(page)


def _text(page: Any) -> str:
    console = Console(width=120, file=io.StringIO())
    console.print(page)
    return console.file.getvalue()  # type: ignore[attr-defined]


def alone(folder: Path) -> None:
    """Write what is answered in a process that hears of no other triad."""
    triad = (folder / "triad").read_text(encoding="utf-8") or None
    (folder / "answers.json").write_text(json.dumps(dict(answers(folder, triad, workers=1))), encoding="utf-8")


if __name__ == "__main__":
    # Loaded once for all of them, as the digests are made of the code, which knows no triad; Dask only looks on.
    sys.modules["dask"] = None  # type: ignore[assignment]
    for name in ("scipy.optimize", "h5netcdf", "triangle.showing.accessor"):
        importlib.import_module(name)
    for method in ("pure", "logit"):
        code_digest(method)
    forking = multiprocessing.get_context("fork")
    processes = [forking.Process(target=alone, args=(Path(folder),)) for folder in sys.argv[1:]]
    for process in processes:
        process.start()
        process.join()
    sys.exit(max(process.exitcode or 0 for process in processes))
