"""A test asked of many small cases in one: to collect and to report a test takes longer than to ask most of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from inspect import Parameter, signature
from typing import Any

import pytest

Check = Callable[..., None]


def of_each(names: str | tuple[str, ...], cases: Iterable[Any], told: Callable[[Any], object] = str) -> Any:
    """As `pytest.mark.parametrize`, but in one test, which says of every case that is not so what is not so.

    What else the test asks for are fixtures, which its cases share: none may change them for the next.
    """
    own = (names,) if isinstance(names, str) else names
    asked = [(told(case), dict(zip(own, (case,) if isinstance(names, str) else case, strict=True))) for case in cases]
    assert asked, f"there is no {own}"

    def made(check: Check) -> Check:
        known = signature(check)

        def every(**fixtures: Any) -> None:
            faults = [f"{case}: {fault}" for case, given in asked if (fault := _fault(check, given | fixtures))]
            assert not faults, "\n".join(faults)

        every.__doc__ = check.__doc__
        shared = [p.replace(kind=Parameter.KEYWORD_ONLY) for p in known.parameters.values() if p.name not in own]
        every.__signature__ = known.replace(parameters=shared)  # type: ignore[attr-defined]
        return every

    return made


def _fault(check: Check, given: dict[str, Any]) -> str:
    """In what a case is not as the test says; whatever else goes wrong ends the test where it happens."""
    try:
        check(**given)
    except (AssertionError, pytest.fail.Exception) as error:
        return str(error) or "is not so"
    return ""
