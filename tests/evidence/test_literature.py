"""The literature: docstrings and the file say the same, all has its source, and ``cite`` prints what was used."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from each import of_each
from strategies import shipped

import triangle
from triangle.base.errors import BadInput
from triangle.base.records import to_document
from triangle.cli import main
from triangle.evidence import literature as room
from triangle.evidence.literature import Work, literature, methods, works_behind
from triangle.model.forms import FORMS
from triangle.model.parameters import Values
from triangle.model.terms import TERMS, Payoffs, answers
from triangle.model.third_terms import THIRD_TERMS
from triangle.players.axes import RU
from triangle.players.cast import SHIPPED
from triangle.players.stances import Stances
from triangle.questions.cite.answer import SOFTWARE, OwnTerm, citation_bibtex, cite_all, cite_run
from triangle.questions.sensitivity.command import sensitivity
from triangle.questions.solve.command import METHODS
from triangle.scenarios.scenario import shipped_names

PACKAGE = Path(triangle.__file__).parent

#: One to three surnames and a year: ``Binmore, Rubinstein and Wolinsky (1986)``.
NAMED = re.compile(r"((?:von )?[A-ZÄÖÜ]\w+(?:, [A-ZÄÖÜ]\w+)*(?: and [A-ZÄÖÜ]\w+)?) \((\d{4})\)")

#: An entry of a *References* section: first surname, the other authors, the year, the rest.
SURNAME = r"(?:von )?[\w'-]+(?: [A-Z]\w+)?"
REFERENCE = re.compile(rf"(?ms)^({SURNAME}), [^\n]*?\((\d{{4}})\)(.*?)(?=^{SURNAME}, [A-Z]\.|\Z)")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().lower()


def surnames(work: Work) -> tuple[str, ...]:
    return tuple(author.split(",")[0] for author in work.authors)


def named(text: str) -> set[tuple[tuple[str, ...], int]]:
    """Surnames and year of every work that a text names."""
    return {(tuple(re.split(", | and ", names)), int(year)) for names, year in NAMED.findall(text)}


def referenced() -> list[tuple[str, str, int, str]]:
    """File, first surname, year and the rest of every full reference in the package's docstrings."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if re.search(r"References\n *-", text) else ():
            if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef):
                section = re.search(r"(?ms)^References\n-+\n(.*?)(?=^\w+\n-{3,}|\Z)", ast.get_docstring(node) or "")
                for surname, year, rest in REFERENCE.findall(section[1] if section else ""):
                    found.append((path.name, surname, int(year), " ".join(rest.split())))
    return found


# ----- the file and the docstrings


def test_what_a_term_names_as_literature_is_in_the_file_as_its_literature():
    for name, term in {**TERMS, **THIRD_TERMS}.items():
        said = named(answers(term)["which literature"])
        assert said == {(surnames(work), work.year) for work in works_behind(f"term:{name}")}, name
    first, second = (form.terms for form in FORMS.values())
    departing = [named(answers(term)["which literature"]) for name, term in second.items() if first[name] is not term]
    behind = {
        (surnames(w), w.year) for backed in ("form:second", *map("term:{}".format, first)) for w in works_behind(backed)
    }
    assert set().union(*departing) <= behind


def test_every_full_reference_of_a_docstring_is_in_the_file_under_the_same_title():
    works = {
        (surnames(w)[0], w.year, plain(name)) for w in literature().values() for name in (w.title, w.venue) if name
    }
    references = referenced()
    assert len(references) > 50
    for file, surname, year, rest in references:
        titles = [title for first, when, title in works if (first, when) == (surname, year)]
        assert titles, f"{file}: {surname} ({year}) is not in literature.bib"
        # A reference may leave out the title and begin with the journal, or leave out the end of a long title.
        begins = plain(re.split(r"\. |\*\. ", rest.lstrip(". "))[0])
        same = any(begins.startswith(title) or (len(begins) > 30 and title.startswith(begins)) for title in titles)
        assert same, f"{file}: {surname} ({year}) has another title in literature.bib: {rest[:60]}"


def test_everything_that_the_literature_backs_exists_and_every_method_has_some():
    backed = {name for work in literature().values() for name in work.backs}
    allowed = {"model", *(f"term:{name}" for name in (*TERMS, *THIRD_TERMS)), "form:second"}
    (asked,) = (option.type.choices for option in sensitivity.params if option.name == "method")
    allowed |= {
        f"method:{name}"
        for name in (
            *METHODS,
            *asked,
            "answer",
            "order",
            "agreements",
            "path",
            "signal",
            "types",
            "sweep",
            "discover",
            "flip",
            "tipping",
            "choose",
            "bid",
            "decompose",
            "verify",
            "veto",
        )
    }
    assert backed == allowed


def test_no_work_is_there_twice():
    works = [(surnames(work), work.year, plain(work.title)) for work in literature().values()]
    assert len(set(works)) == len(works)
    for key, work in literature().items():
        assert str(work.year) in key and key == key.lower()


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("@article{a_2000, author={A}, year=2000, title={T}, backs={model}}", "a_2000: venue: missing"),
        ("@book{a_2000, author={A}, year=2000, title={T}, backs={models/x}}", "expected model, term:NAME, form"),
        ("@book{a_2000, year=2000, title={T}, backs={model}}", "a_2000.authors: missing"),
        ("@book{a_2000, author={A}, year=soon, title={T}, backs={model}}", "undefined string"),
        ("@book{a_2000, author={A}, year={soon}, title={T}, backs={model}}", "expected a whole number"),
        ("@film{a_2000, author={A}, year=2000, title={T}, backs={model}}", "expected one of 'article'"),
        ("@book{a_2000, author={A}, year=2000, title={T}, backs={model}, pgaes={1}}", "did you mean 'pages'"),
        ("@book{a_2000, author={A}, year=2000, title={T}", "not valid BibTeX: syntax error in line"),
        ("@book{a_2000, author={A}, year=2000, title={T}, title={S}, backs={model}}", "title"),
        ("@book{a_2000, author={A}, year=2000, title={T\\}, backs={model}}", "a_2000: not valid LaTeX: "),
    ],
)
def test_a_faulty_entry_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: str, words: str):
    (tmp_path / "literature.bib").write_text(f"{entry}\n", encoding="utf-8")
    monkeypatch.setattr(room, "SHIPPED", tmp_path / "literature.bib")
    literature.cache_clear()
    try:
        with pytest.raises(BadInput) as error:
            literature()
        assert "literature.bib: " in str(error.value) and words in str(error.value)
    finally:
        literature.cache_clear()


def test_the_file_is_written_as_works_are_cited():
    """Read and cited again, every entry is the same text but for what rests on it."""
    written = re.sub(r",\n  backs = \{.*\}\n", "\n", room.SHIPPED.read_text(encoding="utf-8"))
    cited = citation_bibtex(cite_all(shipped()))
    entries = re.findall(r"(?ms)^@.*?^\}$", written)
    assert len(entries) == len(literature()) and all(entry in cited for entry in entries)


# ----- what a run rests on


@of_each("name", shipped_names(SHIPPED))
def test_every_figure_that_a_scenario_names_is_among_those_cited(name: str):
    study = triangle.load(name, model=shipped())
    sources = cite_run(study).sources
    cited = {name for quoted in sources for name in quoted.figures}
    changes = {change.figure for change in study.scenario.all_changes if change.figure}
    assert set(study.scenario.figures) <= cited and changes & cited >= {
        c.figure for c in study.scenario.changes if c.figure
    }
    assert all(quoted.figures for quoted in sources)


def test_a_run_cites_its_terms_and_its_method_and_no_other():
    found = cite_run(triangle.load("baseline", model=shipped()), "repeated")
    assert [backed for backed, _ in found.works] == [
        "model",
        *(f"term {name}" for name in TERMS),
        "form second",
        "method pure",
        "method agreements",
        "method repeated",
    ]
    keys = {work.key for work in found.all_works}
    assert {"friedman_1971", "jervis_1978", "nash_1951"} <= keys and "shapley_1953" not in keys
    assert {work.key for work in cite_all(shipped()).all_works} == set(literature())


def nothing(s: Stances, v: Values) -> Payoffs:
    """Nothing at all: 0.

    **Who gains**: nobody. **From what**: nothing. **Mechanism**: none. **Left out**: all.
    **Literature**: Nobody (2001), *Journal of Nothing* 1.
    """
    return {RU: 0.0 * v["relief"]}  # type: ignore[dict-item]


def test_a_term_of_ones_own_is_cited_by_what_it_says():
    model = shipped().with_term(nothing)
    found = cite_run(triangle.load("baseline", model=model))
    assert found.own_terms == (OwnTerm("nothing", "Nobody (2001), *Journal of Nothing* 1"),)
    assert to_document(found)["own_terms"][0]["term"] == "nothing"


# ----- the command


def test_the_command_prints_software_literature_and_sources():
    done = run("cite", "conditional_relief", "--method", "mixed")
    assert done.exit_code == 0
    for words in (
        SOFTWARE["title"],
        "term relief",
        "Crawford, T. W. (2011)",
        "method mixed",
        "Documents whose figures",
    ):
        assert words in " ".join(done.stdout.split())
    whole = run("cite")
    assert whole.exit_code == 0 and "method coalitions" in whole.stdout and "Documents" not in whole.stdout


def test_the_json_document_says_what_each_work_is_for():
    document = json.loads(run("cite", "baseline", "--json").stdout)
    works = {work["key"]: work for work in document["literature"]}
    assert works["nash_1951"]["for"] == ["method pure"] and works["waltz_1979"]["for"] == ["term balance"]
    assert document["scenario"] == "baseline" and document["software"]["version"] == triangle.__version__
    assert all(source["figures"] for source in document["sources"])


def test_bibtex_has_every_entry_once_with_balanced_braces():
    study = triangle.load("nixon_1972", model=shipped())
    text = citation_bibtex(cite_run(study, "coalitions"))
    assert run("cite", "nixon_1972", "--method", "coalitions", "--format", "bibtex").stdout == text
    keys = re.findall(r"(?m)^@\w+\{([a-z0-9_]+),$", text)
    assert len(keys) == len(set(keys)) == text.count("\n}") and "triangle" in keys
    unescaped = re.sub(r"\\[{}&%$#_]", "", text)
    assert unescaped.count("{") == unescaped.count("}")
    assert not re.search(r"(?<!\\)[&%$#]", text)
    assert "pages = {307--317}" in text and "author = {von Neumann, J. and Morgenstern, O.}" in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["cite", "baselin"], "did you mean 'baseline'"),
        (["cite", "baseline", "--method", "mixd"], "--method: unknown method 'mixd'; did you mean 'mixed'?"),
        (["cite", "--method", "mixed"], "--method: goes with a SCENARIO"),
        (["cite", "--set", "relief=1"], "--set: goes with a SCENARIO"),
        (["cite", "baseline", "--json", "--format", "bibtex"], "leave --format or --json out"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(arguments: list[str], words: str):
    done = run(*arguments)
    assert done.exit_code == 2 and words in done.stderr


def test_a_hostile_source_is_escaped_in_bibtex():
    work = Work(key="x", authors=("A_B, C.",), year=2000, title="50 % of {x} & \\y ~ ^", kind="book", backs=("model",))
    from triangle.questions.cite.answer import _fields

    assert _fields(work)["title"] == r"{50 \% of \{x\} \& \textbackslash{}y \textasciitilde{} \textasciicircum{}}"
    assert _fields(work)["author"] == r"A\_B, C."


def test_the_citation_file_has_the_version_and_title_of_the_package():
    text = (PACKAGE.parent / "CITATION.cff").read_text(encoding="utf-8")
    held = dict(re.findall(r'(?m)^([\w-]+): "?(.*?)"?$', text))
    assert held["version"] == triangle.__version__ and held["title"] == SOFTWARE["title"]
    assert held["cff-version"] == "1.2.0" and SOFTWARE["author"] in text
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert held["license"] == project["license"]
    assert re.findall(r"(?m)^  - ([\w ]+)$", text) == project["keywords"]


def test_every_method_that_has_literature_can_be_asked_for():
    study = triangle.load("baseline", model=shipped())
    for method in methods():
        assert cite_run(study, method).all_works
