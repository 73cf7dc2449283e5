"""How tables are laid out: side by side where their columns fit into the width, else row under row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
from textwrap import wrap
from typing import Any

from rich.console import Console, ConsoleOptions, JustifyMethod, RenderableType, RenderResult
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from triangle.showing.phrases import word

#: A column of text may be made as narrow as this, in cells of the terminal, and no narrower.
NARROWEST = 12

#: Longer words are names to be typed and addresses, which may be broken.
LONGEST_WORD = 20


class HeadedTable(Table):
    """A table under a line of its own; rich's titles are broken to the table's width, which may be small.

    Where numbers and names that must stay whole do not fit side by side, every row is written as a list instead: rich
    would cut them short, or leave a column out.
    """

    heading = ""
    footing = ""

    def add_row(self, *cells: RenderableType | None, **options: Any) -> None:
        """A row whose texts are shown as they are written: strangers wrote them, so none is read as markup."""
        super().add_row(*(Text(cell) if isinstance(cell, str) else cell for cell in cells), **options)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if self.heading:
            yield Text(f"\n{self.heading}", style="bold")
        spans = self._spans(console, options)
        if self._needed(spans) <= options.max_width:
            self._share_out(console, options, spans)
            yield from super().__rich_console__(console, options)
            self._set_widths([None] * len(self.columns))
        else:
            yield from self._lists()
        if self.footing:
            yield Text(self.footing, style="dim")

    def _needed(self, spans: Sequence[Measurement]) -> int:
        """The least width at which nothing is cut short."""
        widths = (
            span.maximum if column.no_wrap else min(NARROWEST, span.minimum)
            for column, span in zip(self.columns, spans, strict=True)
        )
        return sum(widths) + self._around

    @property
    def _around(self) -> int:
        """What lines and padding take."""
        return self._extra_width + sum(self._get_padding_width(k) for k in range(len(self.columns)))

    def _spans(self, console: Console, options: ConsoleOptions) -> list[Measurement]:
        """Of each column the longest word and the longest text."""
        wide = options.update(max_width=10_000)
        each = ([Measurement.get(console, wide, cell) for cell in (c.header, *c.cells)] for c in self.columns)
        return [Measurement(max(s.minimum for s in spans), max(s.maximum for s in spans)) for spans in each]

    def _share_out(self, console: Console, options: ConsoleOptions, spans: Sequence[Measurement]) -> None:
        """Where rich would break a word while other columns have room, break long texts over lines instead.

        Rich makes the widest columns alike, whatever their longest words are. What it would make of them is set too, or
        it would measure every cell once more.
        """
        self._set_widths([None] * len(self.columns))
        most, room = [span.maximum for span in spans], options.max_width - self._around
        if sum(most) <= room:
            self._set_widths(most)
            return
        within = options.update_width(options.max_width - self._extra_width)
        widths = self._calculate_column_widths(console, within)
        least = [
            s.maximum if c.no_wrap else min(s.minimum, LONGEST_WORD) for c, s in zip(self.columns, spans, strict=True)
        ]
        padded = [low + self._get_padding_width(place) for place, low in enumerate(least)]
        if sum(least) > room or all(width >= low for width, low in zip(widths, padded, strict=True)):
            self._set_widths([width - self._get_padding_width(place) for place, width in enumerate(widths)])
            return

        def at(level: int) -> list[int]:
            return [min(max(level, low), high) for low, high in zip(least, most, strict=True)]

        level = max(takewhile(lambda level: sum(at(level)) <= room, range(max(most) + 1)))
        self._set_widths(at(level))

    def _set_widths(self, widths: Sequence[int | None]) -> None:
        for column, width in zip(self.columns, widths, strict=True):
            column.width = width

    def _lists(self) -> Iterator[RenderableType]:
        """Every row as a line that names it, over one line for each of its other cells."""
        leading = next((k for k, column in enumerate(self.columns) if column.justify == "left"), 0)
        rest = self.columns[leading + 1 :]
        for cells in zip(*(column.cells for column in self.columns), strict=True):
            named = zip(self.columns[: leading + 1], cells[: leading + 1], strict=True)
            words = [part for column, cell in named if _plain(cell) for part in (_plain(column.header), _plain(cell))]
            yield Text(" ".join(part for part in words if part) or "–", style="bold")
            listed = Table.grid(padding=(0, 2, 0, 0), pad_edge=False)
            listed.add_column(no_wrap=True)
            listed.add_column(overflow="fold")
            for column, cell in zip(rest, cells[leading + 1 :], strict=True):
                if _plain(cell):
                    listed.add_row(Text(f"  {' '.join(_plain(column.header).split())}"), cell)
            if listed.row_count:
                yield listed


def _plain(cell: RenderableType) -> str:
    return cell.plain if isinstance(cell, Text) else str(cell)


def new_table(*columns: str, title: str = "") -> HeadedTable:
    """A table whose columns named with a leading > hold numbers, with a leading = names that stay whole.

    Heads are said in the language that is spoken.
    """
    table = HeadedTable(header_style="bold", pad_edge=False)
    table.heading = title
    for column in columns:
        number = column.startswith(">")
        # A number cut short would be another number; text may be broken into lines instead.
        whole = number or column.startswith("=")
        justify: JustifyMethod = "right" if number else "left"
        table.add_column(Text(word(column.lstrip(">="))), justify=justify, no_wrap=whole, overflow="fold")
    return table


def headed(title: str, width: int = 18) -> str:
    """A title as the head of a column of numbers, in lines that leave room for the other columns."""
    return "\n".join(wrap(title, width, break_long_words=False, break_on_hyphens=False))


def command_lines(command: str, width: int = 100) -> str:
    r"""A command over several lines, broken before options as a shell reads it.

    >>> print(command_lines("triangle solve baseline --set a=1 --set b=2", 30))
    triangle solve baseline \
      --set a=1 --set b=2
    """
    first, *options = command.split(" --")
    lines = [first]
    for option in options:
        if len(lines[-1]) + len(option) + 5 > width:
            lines.append("")
        lines[-1] += f" --{option}" if lines[-1] else f"  --{option}"
    return " \\\n".join(lines)
