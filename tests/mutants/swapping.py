"""A mutant put into a process that has imported everything: the code of one function is exchanged."""

from __future__ import annotations

import ast
import gc
import types
import warnings
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

Key = tuple[str, str, int]


def compiled(source: str | ast.Module, file: str) -> types.CodeType:
    """A module's code; that a comparison looks odd is no fault of a mutant."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        return compile(source, file, "exec", dont_inherit=True)


class Functions:
    """Every Python function that lives, by its file, its name and its first line."""

    def __init__(self) -> None:
        gc.unfreeze()
        self.by_key: dict[Key, list[types.FunctionType]] = defaultdict(list)
        for thing in gc.get_objects():
            if isinstance(thing, types.FunctionType):
                self.by_key[_key(thing.__code__)].append(thing)

    def exchange(self, file: Path, before: str, after: str) -> bool:
        """Whether all that differs is in functions that live; their code is that of the source after, then."""
        one, other = (compiled(source, str(file)) for source in (before, after))
        changed = list(_changed(one, other))
        if None in changed or not changed:
            return False
        pairs = [pair for pair in changed if pair is not None]
        if not all(self.by_key[_key(old)] for old, _ in pairs):
            return False
        for old, new in pairs:
            for function in self.by_key[_key(old)]:
                function.__code__ = new
        return True


def _key(code: types.CodeType) -> Key:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _changed(one: types.CodeType, other: types.CodeType) -> Iterator[tuple[types.CodeType, types.CodeType] | None]:
    """The functions of a module or a class whose code differs; None where its own does, which ran at its import."""
    inner = [[c for c in code.co_consts if isinstance(c, types.CodeType)] for code in (one, other)]
    plain = [[repr(c) for c in code.co_consts if not isinstance(c, types.CodeType)] for code in (one, other)]
    if one.co_code != other.co_code or one.co_names != other.co_names or plain[0] != plain[1]:
        yield None
        return
    for old, new in zip(*inner, strict=True):
        if old == new and old.co_consts == new.co_consts:
            continue
        if old.co_flags & 0x1:  # CO_OPTIMIZED: a function, not a class
            yield old, new
        else:
            yield from _changed(old, new)
