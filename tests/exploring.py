"""A page with the explorer and nothing else, and what is done with it in a browser."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from strategies import shipped

from triangle.model.model import Model
from triangle.players.cast import SHIPPED
from triangle.players.notation import parse_hold
from triangle.report.explorer import explorer
from triangle.report.html import html_of
from triangle.scenarios.scenario import override, read_scenario
from triangle.showing.blocks import Page, plain
from triangle.showing.material import Material
from triangle.showing.phrases import read_phrases
from triangle.study.study import of_one_cast, study

SET = """(typed, value) => {
  typed.value = String(value);
  typed.dispatchEvent(new Event("change", { bubbles: true }));
}"""

FOLD = """() => {
  const all = [...document.querySelectorAll("details")];
  window.unfolded ??= all.map((one) => one.open);
  all.forEach((one, place) => { one.open = window.unfolded[place] && !one.querySelector("[data-legend]"); });
}"""

REST = """() => new Promise((done, refused) => {
  const root = document.querySelector(".explorer");
  const look = () => { if (root.dataset.idle !== undefined && root.dataset.idle === root.dataset.asked) done(); };
  new MutationObserver(look).observe(root, { attributes: true, attributeFilter: ["data-idle"] });
  setTimeout(() => refused("the explorer does not come to rest"), 120_000);
  look();
})"""

ARRIVE = """(state) => new Promise((done) => {
  window.addEventListener("hashchange", () => done(), { once: true });
  location.hash = `${document.querySelector(".explorer").id}?${state}&now=${performance.now()}`;
})"""


def written(language: str, folder: Path, *names: str, model: Model | None = None) -> Path:
    """A page that holds the explorer and nothing else."""
    model = model or shipped()
    studies = tuple(of_one_cast([study(model, read_scenario(name, model)) for name in names]))
    say = read_phrases(language, studies[0].cast)
    labels = dict.fromkeys(("skip", "contents", "sort", "origin", "over", "picture", "no_script"), "–")
    section = explorer(Material(studies, say, 16, 0, words=names))
    page = Page(language, plain("Explorer"), plain(""), (section,), plain(""), labels)
    path = folder / f"{language}.html"
    path.write_text(html_of(page), encoding="utf-8")
    return path


def opened_at(browser: Any, address: str) -> Any:
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    opened.goto(address)
    return opened


def watched(browser: Any, file: Path) -> Iterator[Any]:
    """A file, opened; when it is done with, nothing was said on the console and nothing but the file was asked for."""
    opened = opened_at(browser, file.as_uri())
    yield opened
    assert opened.said == [] and opened.asked == [file.as_uri()]
    opened.close()


def led(page: Any, state: str) -> None:
    """To a state as an address holds it, from whatever the page shows."""
    page.evaluate(ARRIVE, state)


def begin_anew(page: Any) -> None:
    """Back to the first scenario as it stands, and to what was unfolded when the page was opened, but for the map.

    The map takes longer than all else that is worked out after a movement.
    """
    page.evaluate(FOLD)
    led(page, "")


def with_map(page: Any) -> None:
    page.locator("details:has([data-legend])").evaluate("one => { one.open = true; }")


def row(page: Any, name: str) -> Any:
    return page.locator(f".slider[data-parameter='{name}']")


def put(page: Any, name: str, value: float | str) -> None:
    row(page, name).locator("input[type=number]").evaluate(SET, value)


def found(page: Any) -> list[int]:
    shown = str(page.locator(".explorer").get_attribute("data-stable"))
    return [int(index) for index in shown.split(",") if index]


def command(page: Any) -> list[str]:
    return shlex.split(str(page.locator("[data-command]").text_content()))


def values(page: Any) -> dict[str, float]:
    read = "rows => rows.map(row => [row.dataset.parameter, Number(row.dataset.value)])"
    return dict(page.locator(".slider").evaluate_all(read))


def answered(words: list[str]) -> list[int]:
    """The postures that a command line finds stable, as ``solve`` reads it."""
    assert words[:2] == ["triangle", "solve"]
    options = dict[str, list[str]]({"--set": [], "--hold": []})
    for option, value in zip(words[3::2], words[4::2], strict=True):
        options[option].append(value)
    scenario = override(read_scenario(words[2], shipped()), options["--set"], shipped())
    return [f.index for f in study(shipped(), scenario, parse_hold(options["--hold"], SHIPPED)).solve().findings]


def taken(page: Any, button: str) -> str:
    """What a button under a picture or a table gives, as text; `button` is its label, as ``CSV: ...``."""
    with page.expect_download() as given:
        page.locator(f".take button[aria-label^='{button}']").first.click()
    return Path(given.value.path()).read_text(encoding="utf-8-sig")


def at_rest(page: Any) -> None:
    """Wait until all that is worked out after a movement is there; no frame is drawn for looking."""
    page.evaluate(REST)
