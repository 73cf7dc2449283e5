"""Options that several commands share, and what they are read into."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from triangle.base.errors import BadInput, Fault, check_probability, printable, shorten
from triangle.cli.places import PICTURE, OutputFile
from triangle.cli.printing import plots_module, tell

if TYPE_CHECKING:
    from triangle.model.model import Model
    from triangle.players.cast import Cast
    from triangle.scenarios.scenario import Scenario
    from triangle.study.study import Study


def with_plain_digits(command: click.Command) -> click.Command:
    """The command, whose options that take numbers take them in digits 0 to 9 only, as every file does.

    Python's own reading takes digits of all scripts, and low lines between them.
    """
    for parameter in command.params:
        if isinstance(parameter.type, click.types.IntParamType | click.types.FloatParamType):
            kind, parameter.type = parameter.type, copy(parameter.type)
            parameter.type.convert = partial(_plain_digits, kind)  # type: ignore[method-assign]
    return command


def _plain_digits(
    kind: click.ParamType[Any], value: Any, param: click.Parameter | None, ctx: click.Context | None
) -> Any:
    if isinstance(value, str) and (not value.isascii() or "_" in value):
        kind.fail(f"{shorten(value)} is not a number in digits 0 to 9, without separators.", param, ctx)
    number = kind.convert(value, param, ctx)
    return number + 0.0 if isinstance(number, float) else number  # zero has no sign


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")(command)


def set_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options ``--set`` and ``--form``, read by :func:`read_studies`."""
    return click.option(
        "--set", "settings", multiple=True, metavar="NAME=VALUE", help="Set a parameter: a number or a figure's id."
    )(form_option(command))


def form_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option ``--form``, which goes to the model by way of :func:`model_of`."""

    def keep(ctx: click.Context, _: click.Parameter, form: str | None) -> None:
        if form is not None:
            ctx.obj = {**ctx.obj, "form": form}

    return click.option(
        "--form",
        metavar="FORM",
        callback=keep,
        expose_value=False,
        help="Form of the payoffs, first or second [default: the scenario's, or else the default form].",
    )(command)


def hold_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option ``--hold``, read by :func:`read_studies`."""
    return click.option(
        "--hold",
        "holds",
        multiple=True,
        metavar="PLAYER=ACTION",
        help="Hold a player at an action, as US=court_russia, or let it go, as US=free.",
    )(command)


def with_language(command: click.Command) -> click.Command:
    """The command with the option ``--language``: what it prints and draws until it ends is in that language."""

    def speak(ctx: click.Context, _: click.Parameter, language: str) -> None:
        if language != "en" and not ctx.resilient_parsing:
            from triangle.showing.phrases import speaking

            ctx.with_resource(speaking(language))

    option = click.Option(
        ["--language"],
        type=click.Choice(("en", "de")),
        default="en",
        show_default=True,
        envvar="TRIANGLE_LANGUAGE",
        show_envvar=True,
        callback=speak,
        expose_value=False,
        is_eager=True,
        help="Language of the answer.",
    )
    if all(param.name != option.name for param in command.params):
        command.params.append(option)
    return command


def group_words(ctx: click.Context) -> list[str]:
    """The options that stand before the command, as they are typed."""
    return [word for key, value in ctx.obj.items() for word in (f"--{key}", str(value))]


def _probable(ctx: click.Context, param: click.Parameter, value: float | None) -> float | None:
    if value is not None:
        check_probability(value, "--trust")
    return value


def trust_option(
    what: str = "Count only equilibria that are agreement-proof at this trust", default: float | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option ``--trust``, a probability.

    Without a default agreements are left out unless it is given.
    """
    return click.option(
        "--trust",
        type=float,
        callback=_probable,
        default=default,
        show_default=default is not None,
        metavar="T",
        help=f"{what}: agreements of two that need more do not count, at 1 all do.",
    )


def plot_option(
    what: str = "file (.png, .svg or .pdf)", kind: OutputFile = PICTURE
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option ``--plot``, and ``--size`` for all pictures of the command."""
    plot = click.option("--plot", type=kind, metavar="PATH", help=f"Draw into this {what}.")
    size = click.option(
        "--size",
        type=click.Choice(("one-column", "two-column")),
        callback=_draw_at,
        expose_value=False,
        help="Draw for print, in the width of one column (89 mm) or two (183 mm).",
    )
    return lambda command: plot(size(command))


def _draw_at(ctx: click.Context, option: click.Parameter, size: str | None) -> None:
    """Draw at this size until the command ends."""
    if size is not None and not ctx.resilient_parsing:
        ctx.with_resource(plots_module().sized(size))


def dialect_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option ``--dialect`` of commands that write .csv files."""
    return click.option(
        "--dialect",
        type=click.Choice(("plain", "excel", "excel-de", "excel-fr")),
        help="How a .csv file is written: excel-de and excel-fr part cells by semicolons, with decimal commas.",
    )(command)


def dialect_for(path: Path | None, dialect: str | None, usual: str, option: str) -> str:
    """The dialect asked for, or else the usual one; refused where no .csv file is written."""
    if dialect is not None and (path is None or path.suffix.lower() != ".csv"):
        raise BadInput(Fault("--dialect", "", f"is how a .csv file is written; {option} names none"))
    return dialect or usual


def kept_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options ``--out`` and ``--from`` of commands whose result is one JSON document."""
    path = click.Path(path_type=Path)
    shown = click.option(
        "--from", "source", type=path, metavar="FILE.json", help="Show this result again; nothing is computed."
    )
    return click.option(
        "--out", type=OutputFile(".json"), metavar="FILE.json", help="Write the result into this file."
    )(shown(command))


def answer_options(
    what: str = "file (.png, .svg or .pdf)", kind: OutputFile = PICTURE
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The options of a question about a game: what it is asked of, and where the answer comes from and goes to."""

    def declare(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in (json_option, plot_option(what, kind), hold_option, set_option, kept_options):
            command = option(command)
        return command

    return declare


def draws_options(samples: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The options ``--samples`` and ``--seed`` of a question that is asked of many draws."""
    declared = click.option(
        "--samples",
        type=click.IntRange(2, 2**20),
        default=samples,
        show_default=True,
        help="Draws of what is uncertain.",
    )
    return lambda command: declared(seed_option("the draws")(command))


def seed_option(of: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option ``--seed``, of what is drawn by chance."""
    return click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help=f"Seed of {of}.")


def rationality_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options ``--lambda`` and ``--normalised`` of commands that solve by ``logit``."""
    lam = click.option(
        "--lambda", "lam", type=float, help="Rationality for logit, per bn USD/yr [default: 10 per payoff range]."
    )
    normalised = click.option("--normalised", is_flag=True, help="Take --lambda per payoff range, not per bn USD/yr.")
    return lam(normalised(command))


def moving_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options ``--over`` and ``--without``: which parameters move."""
    over = click.option("--over", "names", multiple=True, metavar="NAME", help="Only this parameter; repeatable.")
    without = click.option("--without", multiple=True, metavar="NAME", help="Not this parameter; repeatable.")
    return over(without(command))


def rules_option(default: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option ``--rule`` of questions that are answered under several rules of selection."""
    return click.option(
        "--rule", "rules", multiple=True, metavar="RULE", help=f"Which equilibrium is played [default: {default}]."
    )


def model_of(ctx: click.Context) -> Model:
    """The model that the group's options ask for."""
    from triangle.model.model import read_model

    return read_model(**ctx.obj)


def cast_of(ctx: click.Context) -> Cast:
    """Who plays: the cast of ``--triad``, or the shipped one."""
    from triangle.model.model import cast_of as named

    return named(ctx.obj.get("triad"))


def _places(ctx: click.Context, name: object) -> list[str]:
    """Where the scenario lies that a kept answer names, part by part: shipped, or a file where the command runs."""
    shipped = _shipped(ctx)
    return [part if part in shipped or Path(part).exists() else f"{part}.toml" for part in str(name).split("+")]


def kept_cast(ctx: click.Context, scenarios: Iterable[object]) -> Cast:
    """Who plays in a kept answer of scenarios: the cast of ``--triad``, and the third parties of what is found."""
    from triangle.players.thirds import laid_over
    from triangle.scenarios.scenario import read_scenario

    model, parties = model_of(ctx), cast_of(ctx).thirds
    for place in (place for name in scenarios for place in _places(ctx, name)):
        with contextlib.suppress(BadInput, OSError):
            parties = laid_over(parties, read_scenario(place, model).players)
    return model.joined_by(parties).cast


def titles_of(ctx: click.Context, names: Iterable[object]) -> dict[str, str]:
    """What the scenarios that an answer names are called; by their names where they are not found any more."""
    from triangle.scenarios.scenario import read_scenario
    from triangle.showing.phrases import word

    model, titles = model_of(ctx), {}
    for name in map(str, names):
        try:
            titles[name] = " + ".join(word(read_scenario(place, model).title) for place in _places(ctx, name))
        except (BadInput, OSError):
            titles[name] = name
    return titles


def as_kept(ctx: click.Context, name: str) -> str:
    """The scenario that a kept answer names, as a command is given it.

    Raises
    ------
    BadInput
        If it is neither a shipped one nor a file where the command runs.
    """
    places = _places(ctx, name)
    for place in places:
        if place not in _shipped(ctx) and not Path(place).exists():
            message = (
                f"is about {shorten(place.removesuffix('.toml'))}, a scenario of yours; name its file before --from"
            )
            raise BadInput(Fault("--from", "scenario", message))
    return "+".join(places)


def _shipped(ctx: click.Context) -> list[str]:
    from triangle.scenarios.scenario import shipped_names

    return shipped_names(cast_of(ctx))


def asked_cast(ctx: click.Context) -> Cast | None:
    """The cast of ``--triad``, where there is one; what says by itself who plays needs none."""
    return cast_of(ctx) if "triad" in ctx.obj else None


def read_studies(
    ctx: click.Context, names: Sequence[str], settings: Sequence[str], holds: Sequence[str]
) -> list[Study]:
    """A study of each scenario, with settings and holds laid over; all faults of all scenarios together.

    Where third parties choose in some of them, the others hold these at what is set there.
    A scenario may be stacked, as in ``siberia2+europe_joins``.
    """
    from triangle.players.notation import parse_hold
    from triangle.scenarios.scenario import override
    from triangle.study.study import of_one_cast, study

    model = model_of(ctx)
    studies: list[Study] = []
    faults: list[Fault] = []
    for name in names:
        try:
            scenario = override(_read(name, model), settings, model)
            if any(scenario.name == other.scenario.name for other in studies):
                scenario = replace(scenario, name=printable(name, 60))
            held = parse_hold(holds, model.joined_by(scenario.players).cast)
            studies.append(study(model, scenario, held))
        except BadInput as error:
            faults.extend(error.faults)
    if faults:
        raise BadInput(dict.fromkeys(faults))
    return of_one_cast(studies)


def read_one(ctx: click.Context, name: str, settings: Sequence[str], holds: Sequence[str]) -> Study:
    """The study of one scenario for a question in which all move at once."""
    (found,) = read_studies(ctx, [name], settings, holds)
    say_at_once(found)
    return found


def _read(text: str, model: Model) -> Scenario:
    """A scenario, or several joined by ``+`` and laid over each other; conflicts among them are told."""
    from triangle.scenarios.scenario import read_scenario

    names = [name.strip() for name in text.split("+")]
    if len(names) == 1 or Path(text).exists():
        return read_scenario(text, model)
    if not all(names):
        raise BadInput(Fault("SCENARIO", "", f"found {shorten(text)}; expected scenarios on both sides of each +"))
    from triangle.scenarios.stack import conflict_text, stack

    laid, conflicts = stack([read_scenario(name, model) for name in names])
    for conflict in conflicts:
        tell(conflict_text(conflict))
    return laid


#: Parameters of commands that say which game a kept answer is shown of.
GAME = ("scenario", "scenarios", "settings", "holds", "form")

#: Parameters of commands that say where an answer comes from and goes to.
OUTPUTS = ("source", "out", "plot", "tornado", "size", "as_json", "language")


def refuse_beside(ctx: click.Context, *kept: str) -> None:
    """Refuse options that would have a say in what is computed, where a result is only shown again.

    `kept` are names of parameters of the command that have none, beside :data:`OUTPUTS`.
    """
    allowed = {*OUTPUTS, *kept}
    for parameter in ctx.command.params:
        given = ctx.get_parameter_source(str(parameter.name)) == click.core.ParameterSource.COMMANDLINE
        if given and parameter.name not in allowed:
            where = parameter.opts[0] if isinstance(parameter, click.Option) else "SCENARIO"
            raise BadInput(Fault(where, "", "goes against --from, which shows a result as it was computed"))


def say_at_once(study: Study) -> None:
    """Say of a scenario with an order of moves that this question leaves it out."""
    if study.scenario.order is not None and len(study.scenario.order) > 1:
        tell(f"{study.scenario.name} plays in an order of moves; here all move at once")
