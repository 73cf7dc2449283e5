"""The documentation builds without a warning, and its pages lead somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_the_pictures_and_links_of_a_page_exist(page: Path):
    for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if not target.startswith(("reference/", "../reference/")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


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
        assert (report.faults, report.scenarios) == ((), 1)


@pytest.mark.parametrize("page", [*PAGES, DOCS.parent / "README.md"], ids=lambda page: page.name)
def test_no_page_sends_readers_to_a_registry_for_the_package_itself(page: Path):
    """The name may be another's there; extras are installed from the folder of the project."""
    assert not re.search(r"pip install '?triangle", page.read_text(encoding="utf-8"))
