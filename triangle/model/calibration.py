"""Parameters computed from several figures: a function's name is the formula, its arguments are the figures.

The signature is the lineage: ``dual_use_dependence(tdc_..., tdc_..., tdc_...)`` says by itself which documented
numbers it is made of, and the trace reads it from there.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from types import MappingProxyType


def capability_allies(ost_g7_share_world_gdp: float, ext_ppp_share_us_2024: float) -> float:
    """Share of world output held by the G7 without the United States, in per cent: 100 · G7 share − US share."""
    return 100.0 * ost_g7_share_world_gdp - ext_ppp_share_us_2024


def trade_us_ru_between(ext_trade_us_ru_2021: float, ext_trade_us_ru_2024: float) -> float:
    """American-Russian trade halfway between the last year before the invasion and the year of full sanctions."""
    return 0.5 * (ext_trade_us_ru_2021 + ext_trade_us_ru_2024)


def reversal_hazard(tdc_us_presidential_cycle: float) -> float:
    """Yearly chance that Washington goes back on a policy: one reversal in every two presidential terms."""
    return 1.0 / (2.0 * tdc_us_presidential_cycle)


def reversal_hazard_congress(tdc_us_senate_cycle: float) -> float:
    """Yearly chance of a reversal if every second congressional election brought one: the upper end."""
    return 1.0 / (2.0 * tdc_us_senate_cycle)


def sanction_cost(ost_crimea_gdp_shortfall: float) -> float:
    """Output lost as a share of what it would be without sanctions: s / (1 + s), s being the share of actual output."""
    return ost_crimea_gdp_shortfall / (1.0 + ost_crimea_gdp_shortfall)


def dependence_ru_cn(wel_ru_export_share_to_cn: float, wel_ru_import_share_from_cn: float) -> float:
    """Russia's trade dependence on China: the mean of China's shares in its exports and its imports."""
    return 0.5 * (wel_ru_export_share_to_cn + wel_ru_import_share_from_cn)


def dual_use_dependence(
    tdc_cn_hk_share_of_weapon_components: float,
    tdc_cn_share_of_microelectronics: float,
    tdc_cn_share_of_machine_tools: float,
) -> float:
    """China's mean share in three inputs of Russian arms production: components, microelectronics, machine tools."""
    return (tdc_cn_hk_share_of_weapon_components + tdc_cn_share_of_microelectronics + tdc_cn_share_of_machine_tools) / 3


def pipeline_ceiling(ost_gas_to_china_target_2030: float, ost_gas_contract_max_volume: float) -> float:
    """Gas that no existing contract covers: the volume aimed at for 2030 less the contracted ceiling, bcm a year."""
    return ost_gas_to_china_target_2030 - ost_gas_contract_max_volume


def outside_option_cn_ceiling(tdc_russia_share_of_cn_crude_imports: float) -> float:
    """What China gets elsewhere at most: the share of its crude imports that does not come from Russia."""
    return 1.0 - tdc_russia_share_of_cn_crude_imports


def trade_us_cn_1972(
    ext_trade_us_cn_1972: float, ext_price_multiple_us_1972_2024: float, ext_price_multiple_us_2011_2024: float
) -> float:
    """American-Chinese trade of 1972 in the dollars of 2011, billion a year."""
    return ext_trade_us_cn_1972 * ext_price_multiple_us_1972_2024 / ext_price_multiple_us_2011_2024


def trade_us_ru_1972(
    ext_trade_us_ru_1972: float, ext_price_multiple_us_1972_2024: float, ext_price_multiple_us_2011_2024: float
) -> float:
    """American-Soviet trade of 1972 in the dollars of 2011, billion a year."""
    return ext_trade_us_ru_1972 * ext_price_multiple_us_1972_2024 / ext_price_multiple_us_2011_2024


def trade_ru_cn_1972(
    ext_trade_ru_cn_1969: float, ext_price_multiple_us_1972_2024: float, ext_price_multiple_us_2011_2024: float
) -> float:
    """Soviet-Chinese trade of 1969, the nearest year with a figure, in the dollars of 2011, billion a year."""
    return ext_trade_ru_cn_1969 * ext_price_multiple_us_1972_2024 / ext_price_multiple_us_2011_2024


#: Formula by name: every public function defined above.
FORMULAS: Mapping[str, Callable[..., float]] = MappingProxyType(
    {
        name: function
        for name, function in dict(globals()).items()
        if inspect.isfunction(function) and function.__module__ == __name__
    }
)


def lineage(formula: str) -> tuple[str, ...]:
    """The ids of the figures that a formula is made of, in the order of its arguments.

    >>> lineage("sanction_cost")
    ('ost_crimea_gdp_shortfall',)
    """
    return tuple(inspect.signature(FORMULAS[formula]).parameters)


def meaning(formula: str) -> str:
    """The first sentence of the formula's docstring."""
    return (inspect.getdoc(FORMULAS[formula]) or "").split("\n")[0]
