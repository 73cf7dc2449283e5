"""Digests: a run goes on only under the code and the model that it was begun with; moving or rewording changes none."""

from importlib.util import find_spec

import pytest
from each import of_each

from triangle.sweeps import digest


@of_each("name", digest.PURE + digest.BEYOND)
def test_every_module_named_is_there(name: str):
    assert find_spec(f"triangle.{name}") is not None


def test_imports_comments_and_docstrings_have_no_part():
    one = 'from a.b import c\n\ndef f(x):\n    """Twice."""\n    return c(x)  # why\n'
    other = '"""New."""\nfrom z import c\n\n\ndef f(x):\n    import y\n    return c(x)\n'
    assert digest._meaning(one) == digest._meaning(other)
    assert digest._meaning(one) != digest._meaning(one.replace("c(x)", "c(x + 1)"))


def test_where_nothing_is_done_it_does_not_matter_how_that_is_said():
    said = ["def f():\n    pass\n", 'def f():\n    """None."""\n', "def f():\n    import a\n    pass\n"]
    assert len({digest._meaning(source) for source in said}) == 1


@pytest.mark.parametrize(
    "sources",
    [
        ("x = 1", "x = 1.0", "x = True", "x = '1'", "x = b'1'", "y = 1", "x += 1", "x: int = 1", "x == 1", "x"),
        ("f(a, b)", "f(b, a)", "f(a, *b)", "f(a, b=b)", "f(a)(b)", "f(a)\nf(b)", "f[a, b]", "f('a', 'b')"),
        ("a + b * c", "(a + b) * c", "a - b * c", "a + b ** c", "a < b < c", "(a < b) < c", "a if b else c"),
        ("{**a}", "{None: a}", "{a}", "[a]", "(a,)", "a", "[*a]", "[b for b in a]", "{b for b in a}", "(b for b in a)"),
        ("def f(a, b=c): a", "def f(a=c, b=c): a", "def f(a, *, b=c): a", "def f(a, /, b=c): a", "def f(*a, b): a"),
        ("if a:\n b\nelse:\n c", "if a:\n b\nc", "if a:\n c\nelse:\n b", "while a:\n b\nelse:\n c"),
        ("try:\n a\nexcept E:\n b", "try:\n a\nfinally:\n b", "try:\n a\nexcept F:\n b", "try:\n a\nexcept* E:\n b"),
        ("f'{a}'", "f'{a!r}'", "f'{a:2}'", "f'a'", "'a'; 'a' + ''"),
        ("def f(): return a", "def f(): yield a", "async def f(): return a", "@g\ndef f(): return a", "def f(): a"),
    ],
)
def test_whatever_else_is_done_is_told_apart(sources: tuple[str, ...]):
    assert len({digest._meaning(source) for source in sources}) == len(sources)


def test_methods_have_digests_of_their_own():
    assert digest.code_digest("pure") != digest.code_digest("mixed")


def test_a_raised_version_changes_the_digest(monkeypatch: pytest.MonkeyPatch):
    before = digest.code_digest("pure")
    monkeypatch.setattr(digest, "VERSION", digest.VERSION + 1)
    digest.code_digest.cache_clear()
    assert digest.code_digest("pure") != before
    digest.code_digest.cache_clear()
