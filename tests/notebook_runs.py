"""Run the notebooks: each is a script in notebooks/*.py, paired with the .ipynb that keeps its outputs.

Renew the outputs after a change with

    .venv/bin/python tests/notebook_runs.py
"""

from __future__ import annotations

import base64
import io
import sys
from pathlib import Path
from typing import Any

import jupytext
import nbclient
import nbformat
from PIL import Image

FOLDER = Path(__file__).parents[1] / "notebooks"
#: What a kernel runs before the next notebook: it forgets all names, and how the last one set its pictures, which are
#: drawn coarsely and once, since nobody sees them.
FORGET = """import matplotlib
matplotlib.rcdefaults()
get_ipython().config.InlineBackend.print_figure_kwargs = {"bbox_inches": None, "dpi": 20}
%reset -f"""
WIDGET = "application/vnd.jupyter.widget-view+json"


def run(script: Path, kernel: Any = None, pictures: bool = True) -> Any:
    """The notebook of a script, executed from top to bottom, with small outputs only.

    In a kernel of its own, or in one that has run others and forgets their names first. Pictures are made small where
    they are asked for.
    """
    notebook = jupytext.read(script)
    notebook.metadata = {
        "jupytext": {"formats": "ipynb,py:percent"},
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    }
    client = nbclient.NotebookClient(
        notebook,
        km=kernel,
        timeout=3000,
        startup_timeout=600,
        kernel_name="python3",
        store_widget_state=False,
        coalesce_streams=True,
    )
    if kernel is not None:
        notebook.cells.insert(0, nbformat.v4.new_code_cell(FORGET))
    client.execute()
    if kernel is not None:
        del notebook.cells[0]
        client.kc.stop_channels()
    for number, cell in enumerate(notebook.cells):
        cell.id, cell.metadata = f"cell-{number}", {}
        if cell.cell_type == "code":
            cell.execution_count = None
            cell.outputs = [_plain(output, pictures) for output in cell.outputs]
    return notebook


def _plain(output: Any, pictures: bool) -> Any:
    """An output without what differs from run to run: counts, and the identity of widgets and objects."""
    if "data" in output:
        output["metadata"] = {}
        data = output["data"]
        if WIDGET in data:
            data = {"text/plain": "(sliders: run the notebook to move them)"}
        elif "text/html" in data or "image/png" in data:
            data["text/plain"] = "(shown as a table)" if "text/html" in data else "(picture)"
        if "image/png" in data and pictures:
            data["image/png"] = _small(data["image/png"])
        output["data"] = data
        if "execution_count" in output:
            output["execution_count"] = None
    return output


def _small(png: str) -> str:
    """A picture in a palette of 64 colours, which takes a quarter of the place and looks the same."""
    drawn = io.BytesIO()
    Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB").quantize(64).save(drawn, "PNG", optimize=True)
    return base64.b64encode(drawn.getvalue()).decode()


def texts(notebook: Any) -> list[Any]:
    """What a notebook says, pictures left out, since their bytes depend on the fonts of the machine."""
    return [
        {kind: text for kind, text in output["data"].items() if not kind.startswith("image/")}
        if "data" in output
        else output["text"]
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    ]


def check(script: Path, kernel: Any = None) -> str:
    """What is wrong with the stored notebook of a script; empty where it is what a fresh run gives."""
    stored = nbformat.read(script.with_suffix(".ipynb"), as_version=4)
    fresh = run(script, kernel, pictures=False)
    if [cell.source for cell in stored.cells] != [cell.source for cell in fresh.cells]:
        return "the cells of the .ipynb are not those of the .py"
    for old, new in zip(texts(stored), texts(fresh), strict=True):
        if old != new:
            return f"stored: {old}\nfresh: {new}"
    return ""


if __name__ == "__main__":
    if sys.argv[1:]:
        sys.exit(check(Path(sys.argv[1])) or 0)
    for path in sorted(FOLDER.glob("*.py")):
        nbformat.write(run(path), path.with_suffix(".ipynb"))
