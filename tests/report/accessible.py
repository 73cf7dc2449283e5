"""What an accessibility checker finds on a page, in little time.

Whether text stands out from what is behind it, and a link from the text around it, depends on how an element looks and
on nothing else, and takes longer than all other rules together. By default these rules look at one element of each
appearance, in a copy of the page that holds no others; what else there is to find is the same in every colour scheme.
"""

from __future__ import annotations

from typing import Any

import pytest
from budgets import LARGE

#: Rules about colours, and whether they alone are asked.
OF_COLOURS = ["color-contrast", "link-in-text-block"]
ONLY_COLOURS = {"runOnly": OF_COLOURS}
NO_COLOURS = {"rules": {rule: {"enabled": False} for rule in OF_COLOURS}}

#: The page without its scripts, and of all that is seen in it one element of each colour, size, weight, name and class
#: upon the same grounds, with what it stands in; and how many these are.
OF_EACH_APPEARANCE = """() => {
  const grounds = new Map([[null, ""]]);
  const ground = (one) => {
    if (!grounds.has(one)) {
      const { backgroundColor, backgroundImage, opacity, filter, mixBlendMode, color } = getComputedStyle(one);
      const own = `|${[backgroundColor, backgroundImage, opacity, filter, mixBlendMode, color]}`;
      const below = ground(one.parentElement);
      grounds.set(one, below.endsWith(own) ? below : below + own);
    }
    return grounds.get(one);
  };
  const [seen, kept, around] = [new Set(), new Set(), new Set()];
  for (const one of document.body.querySelectorAll("*")) {
    const text = [...one.childNodes].map((node) => (node.nodeName === '#text' ? node.data.trim() : "")).join("");
    if (!text && !one.matches("input, select, textarea")) continue;
    if (!one.checkVisibility({ visibilityProperty: true })) continue;
    const { fontSize, fontWeight, textShadow, textDecorationLine } = getComputedStyle(one);
    const kind = [one.localName, one.getAttribute("class"), one.closest(":disabled") !== null, text.length > 1];
    const look = [kind, fontSize, fontWeight, textShadow, textDecorationLine, ground(one)].join();
    if (seen.has(look)) continue;
    seen.add(look);
    kept.add(one);
    for (let other = one.parentElement; other; other = other.parentElement) around.add(other);
  }
  const copied = (one) => {
    const copy = one.cloneNode(false);
    for (const child of one.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) copy.append(child.data);
      else if (child.nodeName === "STYLE") copy.append(child.cloneNode(true));
      else if (around.has(child) || kept.has(child) || child === document.head) copy.append(copied(child));
      else if (child.localName === "option" || child.localName === "title") copy.append(child.cloneNode(true));
    }
    return copy;
  };
  return [`<!DOCTYPE html>${copied(document.documentElement).outerHTML}`, [...seen].sort()];
}"""


def violations(page: Any, scheme: str, context: str | None = None, whole: bool = LARGE) -> list[tuple[str, str, str]]:
    """Rule, impact and place of what is wrong within a part of a page in a colour scheme; `whole` without a copy."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()

    def found(opened: Any, options: dict[str, Any]) -> list[tuple[str, str, str]]:
        response = axe.run(opened, context=context, options={"resultTypes": ["violations"], **options}).response
        return [
            (one["id"], one["impact"], node["html"][:160]) for one in response["violations"] for node in one["nodes"]
        ]

    page.emulate_media(color_scheme=scheme)
    if whole:
        wrong = found(page, {})
    else:
        wrong = found(page, NO_COLOURS) if scheme == "light" else []
        document, looks = page.evaluate(OF_EACH_APPEARANCE)
        copy = page.beside(viewport=page.viewport_size, color_scheme=scheme)
        copy.set_content(document)
        assert copy.evaluate(OF_EACH_APPEARANCE)[1] == looks, "nothing looks otherwise without what is left out"
        wrong += found(copy, ONLY_COLOURS)
        copy.close()
    page.emulate_media(color_scheme="light")
    return wrong
