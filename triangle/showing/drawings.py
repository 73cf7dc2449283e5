"""The signed triangle as SVG: one arrow for each stance, a band for each link, the actions below the players.

Strokes carry what colours say a second time: opposing stances are dashed. The browser's explorer redraws the same
drawing by changing its attributes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from triangle.players.axes import OTHERS, PAIRS, POWERS
from triangle.players.cast import Cast
from triangle.players.configurations import stance

#: Where the three powers stand.
CORNERS = ((150.0, 46.0), (52.0, 196.0), (248.0, 196.0))

#: Colours of a stance that accommodates, and of one that opposes; those of every other picture.
ACCOMMODATES, OPPOSES = "#009E73", "#D55E00"

_RADIUS, _OFFSET = 23.0, 7.0


def triangle_svg(
    profile: Sequence[int], actions: Sequence[str], title: str, description: str, key: str, cast: Cast
) -> str:
    """The drawing of an action profile.

    Parameters
    ----------
    actions : sequence of str
        What each player does, in the reader's language.
    key : str
        Beginning of the identifiers, unique in the page.
    """
    stances = {(i, j): stance(profile[i], i, j) for i in POWERS for j in OTHERS[i]}
    parts = [
        f'<svg class="triangle" viewBox="-34 0 368 252" role="img" aria-labelledby={quoteattr(f"{key}-t {key}-d")}>',
        f"<title id={quoteattr(f'{key}-t')}>{escape(title)}</title>",
        f"<desc id={quoteattr(f'{key}-d')}>{escape(description)}</desc>",
        *(_band(i, j, bool(stances[i, j] and stances[j, i])) for i, j in PAIRS),
        *(_arrow(i, j, bool(yes)) for (i, j), yes in stances.items()),
        *(_player(i, cast.codes[i], actions[i]) for i in POWERS),
        "</svg>",
    ]
    return "".join(parts)


def _band(i: int, j: int, is_linked: bool) -> str:
    (x0, y0), (x1, y1) = CORNERS[i], CORNERS[j]
    return (
        f'<line data-link="{i}-{j}" x1="{x0:g}" y1="{y0:g}" x2="{x1:g}" y2="{y1:g}" stroke="{ACCOMMODATES}" '
        f'stroke-width="30" stroke-linecap="round" stroke-opacity="{0.22 if is_linked else 0:g}"/>'
    )


def _arrow(i: int, j: int, accommodates: bool) -> str:
    """An arrow from i to j, set off to one side so that the pair's two arrows lie beside each other."""
    (x0, y0), (x1, y1) = CORNERS[i], CORNERS[j]
    length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    sx, sy = -uy * _OFFSET, ux * _OFFSET
    reach = _RADIUS + 5.0
    ax, ay = x0 + reach * ux + sx, y0 + reach * uy + sy
    tip_x, tip_y = x1 - reach * ux + sx, y1 - reach * uy + sy
    bx, by = tip_x - 9 * ux, tip_y - 9 * uy
    head = f"{tip_x:.1f},{tip_y:.1f} {bx - 4.6 * uy:.1f},{by + 4.6 * ux:.1f} {bx + 4.6 * uy:.1f},{by - 4.6 * ux:.1f}"
    colour = ACCOMMODATES if accommodates else OPPOSES
    dashes = "none" if accommodates else "6 4"
    return (
        f'<g data-stance="{i}-{j}" stroke="{colour}" fill="{colour}" stroke-dasharray="{dashes}">'
        f'<line x1="{ax:.1f}" y1="{ay:.1f}" x2="{bx:.1f}" y2="{by:.1f}" stroke-width="2.4"/>'
        f'<polygon points="{head}" stroke="none"/></g>'
    )


def _player(i: int, code: str, action: str) -> str:
    x, y = CORNERS[i]
    below = y + _RADIUS + 21 if i else y - _RADIUS - 8
    return (
        f'<circle cx="{x:g}" cy="{y:g}" r="{_RADIUS:g}" fill="var(--paper)" stroke="currentColor" stroke-width="1.4"/>'
        f'<text x="{x:g}" y="{y + 5:g}" text-anchor="middle" font-size="15" font-weight="700" fill="currentColor">'
        f"{escape(code)}</text>"
        f'<text data-action="{i}" x="{x:g}" y="{below:g}" text-anchor="middle" font-size="14" fill="currentColor">'
        f"{escape(action)}</text>"
    )


def gauge_svg(share: float, low: float, high: float) -> str:
    """A share as a bar from nothing to all, its interval as a line; what it says stands beside it in words."""
    x, start, width = 100 * share, 100 * low, max(0.6, 100 * (high - low))
    return (
        '<svg class="gauge" viewBox="0 0 100 5" preserveAspectRatio="none" aria-hidden="true">'
        '<rect width="100" height="5" fill="var(--rule)"/>'
        f'<rect width="{x:.2f}" height="5" fill="{ACCOMMODATES}"/>'
        f'<rect x="{start:.2f}" y="1.8" width="{width:.2f}" height="1.4" fill="currentColor"/></svg>'
    )


def swatch_svg(fill: str, hatch: str = "", ink: str = "") -> str:
    """A small field in the colour of a look, with stripes or dots where it has any."""
    marks: Mapping[str, str] = {
        "/": '<path d="M0 14 14 0M7 21 21 7M-7 7 7 -7" {s}/>',
        "x": '<path d="M0 0 14 14M14 0 0 14" {s}/>',
        "o": '<circle cx="4" cy="4" r="2.2" {s} fill="none"/><circle cx="11" cy="10" r="2.2" {s} fill="none"/>',
        ".": '<circle cx="4" cy="4" r="1.3" fill="{i}"/><circle cx="10" cy="10" r="1.3" fill="{i}"/>',
        "|": '<path d="M4 0V14M10 0V14" {s}/>',
        "-": '<path d="M0 4H14M0 10H14" {s}/>',
    }
    mark = marks.get(hatch[:1], "").format(s=f'stroke="{ink}" stroke-width="1.1"', i=ink)
    return (
        '<svg class="swatch" viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">'
        f'<rect width="14" height="14" fill="{fill}"/>{mark}'
        '<rect x=".5" y=".5" width="13" height="13" fill="none" stroke="currentColor" stroke-width=".7"/></svg>'
    )


#: How a pair's two stances are drawn on each side of the triangle: neither accommodates, only the second, only the
#: first, both.
_SIDES = {(0, 1): ("×", "↗", "↙", "═"), (0, 2): ("×", "↖", "↘", "═"), (1, 2): ("××××", "←───", "───→", "════")}


def triangle_text(profile: Sequence[int], cast: Cast) -> str:
    """The same in four lines of text.

    Examples
    --------
    >>> from triangle.players.cast import SHIPPED
    >>> print(triangle_text((2, 1, 1), SHIPPED))
            US
           ↙  ×
          ↙    ×
        RU ════ CN
    """
    left, right, below = (
        _SIDES[i, j][2 * bool(stance(profile[i], i, j)) + bool(stance(profile[j], j, i))] for i, j in PAIRS
    )
    wooer, wooed, rival = cast.codes[:3]
    lines = [f"        {wooer}", f"       {left}  {right}", f"      {left}    {right}", f"{wooed:>6} {below} {rival}"]
    return "\n".join(lines)
