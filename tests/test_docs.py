"""The documentation builds without a warning, and its pages lead somewhere."""

from __future__ import annotations

import html
import posixpath
import re
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from budgets import LARGE

import triangle
from triangle.model.model import read_model
from triangle.players.cast import SHIPPED
from triangle.questions.check.answer import check
from triangle.scenarios.scenario import shipped_names
from triangle.sweeps.digest import model_digest

DOCS = Path(__file__).parents[1] / "docs"
PAGES = [page for page in DOCS.rglob("*.md") if not {"_build", "reference"} & set(page.relative_to(DOCS).parts)]


#: Sphinx without search, curly quotes and the looks of its theme: half of its work, of which nothing is asked here.
PLAIN = """import sys
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.cmd.build import main
StandaloneHTMLBuilder.search = False
sys.exit(main(["-D", "smartquotes=0", "-D", "html_theme=basic", *sys.argv[1:]]))"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The pages of the documentation as a site, by their path in it, built with every warning an error."""
    folder = tmp_path_factory.mktemp("site")
    sphinx = [sys.executable, *(("-m", "sphinx") if LARGE else ("-c", PLAIN))]
    done = subprocess.run(
        [*sphinx, "-W", "--keep-going", "-q", "-b", "html", str(DOCS), str(folder)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return {page.relative_to(folder).as_posix(): page.read_text(encoding="utf-8") for page in folder.rglob("*.html")}


def test_the_documentation_builds_with_every_warning_an_error(site: dict[str, str]):
    assert "ost_trade_ru_cn_2024" in site["reference/figures.html"]
    for lecture in (DOCS.parent / "notebooks").glob("*.ipynb"):
        page = site[f"reference/lectures/{lecture.stem}.html"]
        assert "<img alt=" in page and "Exercises" in page


def test_every_link_of_the_site_leads_to_a_page_and_a_place_on_it(site: dict[str, str]):
    places = {name: {*re.findall(r'\bid="([^"]+)"', text)} for name, text in site.items()}
    for name, text in site.items():
        for target in {*re.findall(r'<a [^>]*href="([^"]+)"', text)}:
            path, _, place = html.unescape(target).partition("#")
            if re.match(r"[a-z]+:", target) or (path and not path.endswith(".html")):
                continue
            page = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
            assert page in site, f"{name} links to {target}"
            assert not place or place in places[page], f"{name} links to {target}"


@pytest.mark.skipif(not LARGE, reason="the list is its theme's, without which the site is built in the small budget")
def test_the_page_beside_which_the_list_of_pages_stands_is_marked_in_it(site: dict[str, str]):
    stands = {
        "cite.html": "cite",
        "methods/mixed.html": "mixed",
        "claims/core.html": "claims",
        "api/results.html": "api",
    }
    stands["reference/scenarios/pressure.html"] = "scenarios"
    for name, entry in stands.items():
        marked = re.findall(
            r'<li class="toctree-l1 current current-page"><a class="current [^"]*" href="([^"]*)"', site[name]
        )
        assert [Path(link).stem for link in marked] == [entry], name


def test_every_shipped_scenario_and_every_name_of_the_package_is_on_a_page_of_the_site(site: dict[str, str]):
    scenarios = " ".join(text for name, text in site.items() if name.startswith("reference/scenarios/"))
    assert all(f'id="{name.replace("_", "-")}"' in scenarios for name in shipped_names(SHIPPED))
    signatures = " ".join(text for name, text in site.items() if name.startswith("api/"))
    for name in {*triangle.__all__} - {"__version__"}:
        assert re.search(rf'id="triangle\.[\w.]*\b{name}"', signatures), name
    assert "hold: Mapping[str, str] | None" in re.sub(r"<[^>]+>|\s+(?=:)", "", signatures).replace("\n", " ")


def test_a_page_says_by_whom_and_of_which_state_it_is(site: dict[str, str]):
    digest = model_digest(read_model())[:12]
    assert all(f"version {triangle.__version__}, evidence and parameters {digest}" in text for text in site.values())
    entry = html.unescape(re.sub(r"<[^>]+>", "", site["cite.html"]))
    for part in ("@software{triangle,", "author  = {{The triangle authors}}", f"{{{triangle.__version__}}}", digest):
        assert part in entry


def test_the_pictures_and_links_of_a_page_exist():
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if not target.startswith(("reference/", "../reference/")):
                assert (page.parent / target).exists(), f"{page} links to {target}"


#: Every page that is kept, wherever it lies.
ALL_PAGES = [*PAGES, *(page for at in (".", "benchmarks", "scenarios") for page in (DOCS.parent / at).glob("*.md"))]


def test_the_files_and_folders_that_a_page_names_exist():
    """As they are written in the repository: ``triangle/...``, ``tests/...``, ``docs/...``."""
    for page in ALL_PAGES:
        if page.name == "CHANGELOG.md":  # it tells of what was
            continue
        text = page.read_text(encoding="utf-8")
        for named in re.findall(r"`((?:triangle|tests|docs|benchmarks|scenarios|notebooks)/[\w./-]*)`", text):
            made = "NAME" in named or named.startswith(("docs/_build", "docs/reference"))
            assert made or (DOCS.parent / named).exists(), f"{page} names {named}"


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


def test_no_page_sends_readers_to_a_registry_for_the_package_itself():
    """The name may be another's there; extras are installed from the folder of the project."""
    for page in [*PAGES, DOCS.parent / "README.md"]:
        assert not re.search(r"pip install '?triangle", page.read_text(encoding="utf-8")), page
