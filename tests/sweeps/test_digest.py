"""Digests: a run goes on only under the code and the model that it was begun with; moving or rewording changes none."""

from importlib.util import find_spec

import pytest

from triangle.sweeps import digest


@pytest.mark.parametrize("name", digest.PURE + digest.BEYOND)
def test_every_module_named_is_there(name: str):
    assert find_spec(f"triangle.{name}") is not None


def test_imports_comments_and_docstrings_have_no_part():
    one = 'from a.b import c\n\ndef f(x):\n    """Twice."""\n    return c(x)  # why\n'
    other = '"""New."""\nfrom z import c\n\n\ndef f(x):\n    import y\n    return c(x)\n'
    assert digest._meaning(one) == digest._meaning(other)
    assert digest._meaning(one) != digest._meaning(one.replace("c(x)", "c(x + 1)"))


def test_methods_have_digests_of_their_own():
    assert digest.code_digest("pure") != digest.code_digest("mixed")


def test_a_raised_version_changes_the_digest(monkeypatch: pytest.MonkeyPatch):
    before = digest.code_digest("pure")
    monkeypatch.setattr(digest, "VERSION", digest.VERSION + 1)
    digest.code_digest.cache_clear()
    assert digest.code_digest("pure") != before
    digest.code_digest.cache_clear()
