"""The documentation builds without a warning, and its pages lead somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from triangle.questions.check.answer import check

DOCS = Path(__file__).parents[1] / "docs"
PAGES = [page for page in DOCS.rglob("*.md") if not {"_build", "reference"} & set(page.relative_to(DOCS).parts)]


def test_the_documentation_builds_with_every_warning_an_error(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", str(DOCS), str(tmp_path)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "ost_trade_ru_cn_2024" in (tmp_path / "reference" / "figures.html").read_text(encoding="utf-8")
    for lecture in (DOCS.parent / "notebooks").glob("*.ipynb"):
        page = (tmp_path / "reference" / "lectures" / f"{lecture.stem}.html").read_text(encoding="utf-8")
        assert "<img alt=" in page and "Exercises" in page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_the_pictures_and_links_of_a_page_exist(page: Path):
    for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if not target.startswith(("reference/", "../reference/")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


#: Every page that is kept, wherever it lies.
ALL_PAGES = [*PAGES, *(page for at in (".", "benchmarks", "scenarios") for page in (DOCS.parent / at).glob("*.md"))]


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: f"{page.parent.name}-{page.name}")
def test_the_files_and_folders_that_a_page_names_exist(page: Path):
    """As they are written in the repository: ``triangle/...``, ``tests/...``, ``docs/...``."""
    if page.name == "CHANGELOG.md":  # it tells of what was
        return
    text = page.read_text(encoding="utf-8")
    for named in re.findall(r"`((?:triangle|tests|docs|benchmarks|scenarios|notebooks)/[\w./-]*)`", text):
        made = "NAME" in named or named.startswith(("docs/_build", "docs/reference"))
        assert made or (DOCS.parent / named).exists(), f"{page.name} names {named}"


def test_the_picture_of_the_floors_is_that_of_the_structure_test():
    spec = spec_from_file_location("floors", DOCS / "floors.py")
    assert spec and spec.loader
    floors = module_from_spec(spec)
    spec.loader.exec_module(floors)
    drawn = floors.drawing()
    assert floors.PICTURE.read_text(encoding="utf-8") == drawn, "renew it: python docs/floors.py"
    rooms = {room for floor in floors.constant("FLOORS") for room in floor if not room.startswith("__")}
    assert rooms == set(re.findall(r'font-weight="bold">(\w+)<', drawn))


#: Pages that print a whole scenario file for readers to copy.
WITH_SCENARIO = (DOCS / "tutorial.md", DOCS.parent / "scenarios" / "README.md")


@pytest.mark.parametrize("page", WITH_SCENARIO, ids=lambda page: page.parent.name)
def test_a_scenario_that_a_page_prints_is_sound_as_it_stands(page: Path, tmp_path: Path):
    blocks = re.findall(r"```toml\n(title = .*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    for place, block in enumerate(blocks):
        file = tmp_path / f"mine_{place}.toml"
        file.write_text(block, encoding="utf-8")
        report = check((file,))
        assert (report.faults, report.counts.scenarios) == ((), 1)


@pytest.mark.parametrize("page", [*PAGES, DOCS.parent / "README.md"], ids=lambda page: page.name)
def test_no_page_sends_readers_to_a_registry_for_the_package_itself(page: Path):
    """The name may be another's there; extras are installed from the folder of the project."""
    assert not re.search(r"pip install '?triangle", page.read_text(encoding="utf-8"))
