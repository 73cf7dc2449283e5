"""Parameters computed from figures and other parameters: a function's name is the formula, its arguments are those.

The signature is the lineage: ``dual_use_dependence(tdc_..., tdc_..., tdc_...)`` says by itself which documented
numbers it is made of, and the trace reads it from there. An argument is the id of a figure or the name of a parameter;
of the latter a formula takes arrays as well. Literature is named in full in ``docs/model.md`` and
``docs/methods/grounding.md``.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

import numpy as np


def capability_allies(ost_g7_share_world_gdp: float, ext_ppp_share_us_2024: float) -> float:
    """Share of world output held by the G7 without the United States, in per cent: 100 · G7 share − US share."""
    return 100.0 * ost_g7_share_world_gdp - ext_ppp_share_us_2024


def capability_partners(
    ost_brics_share_world_gdp: float, ext_ppp_share_cn_2024: float, ext_ppp_share_ru_2024: float
) -> float:
    """Share of world output held by BRICS without China and Russia, in per cent."""
    return 100.0 * ost_brics_share_world_gdp - ext_ppp_share_cn_2024 - ext_ppp_share_ru_2024


def link_hazard_of_votes(tdc_un_divergences: float, tdc_un_divergence_window: float) -> float:
    """Open divergences of Russia and China a year in the votes that Moscow blocked: the upper end."""
    return tdc_un_divergences / tdc_un_divergence_window


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


# ----- the grounding: contests and stakes


def _power(base: float, exponent: float) -> float:
    found: float = base**exponent
    return found


def _root(number: float) -> float:
    found: float = np.sqrt(number)
    return found


def _share(decisiveness: float, mine: float, theirs: float) -> float:
    """Share of one side in a contest of strengths (Tullock 1980)."""
    return 1.0 / (1.0 + _power(theirs / mine, decisiveness))


def _revealed(cost: float, decisiveness: float, mine: float, theirs: float) -> float:
    """What a side has at stake if its yearly effort x is that of a contest: S = x / (m π (1 − π)) (Konrad 2009)."""
    # Each side's share by itself: what is left of a share near one is rounding.
    return cost / (decisiveness * _share(decisiveness, mine, theirs) * _share(decisiveness, theirs, mine))


def two_front_shortfall(ext_navy_two_wars: float, ext_army_two_wars: float) -> float:
    """Part that is lacking of the forces for two wars at once, mean of navy and army."""
    return 1.0 - 0.5 * (ext_navy_two_wars + ext_army_two_wars)


def allied_effort(
    ext_milex_share_allies: float,
    ost_g7_share_world_gdp: float,
    ext_ppp_share_us_2024: float,
    ext_milex_share_us: float,
) -> float:
    """Military spending of the allies for each unit of their output, over that of the United States."""
    allies = ext_milex_share_allies / capability_allies(ost_g7_share_world_gdp, ext_ppp_share_us_2024)
    return allies / (ext_milex_share_us / ext_ppp_share_us_2024)


def european_part(ext_milex_nato_europe_2024: float, ext_milex_nato_2024: float, ext_milex_us_2024: float) -> float:
    """European part of what America's allies in NATO spend on forces."""
    return ext_milex_nato_europe_2024 / (ext_milex_nato_2024 - ext_milex_us_2024)


def stake_us_ru_of_effort(
    rivalry_cost_us_ru: float, decisiveness: float, ext_milex_us_2024: float, ext_milex_ru_2024: float
) -> float:
    """What the United States has at stake with Russia, as its effort reveals it: x / (m π (1 − π))."""
    return _revealed(rivalry_cost_us_ru, decisiveness, ext_milex_us_2024, ext_milex_ru_2024)


def stake_ru_us_of_effort(
    rivalry_cost_ru_us: float, decisiveness: float, ext_milex_us_2024: float, ext_milex_ru_2024: float
) -> float:
    """What Russia has at stake with the United States, as its effort reveals it: x / (m π (1 − π))."""
    return _revealed(rivalry_cost_ru_us, decisiveness, ext_milex_ru_2024, ext_milex_us_2024)


def stake_ru_us_of_loss(output_shortfall_ru: float) -> float:
    """What Russia has borne for its course: the output lost to sanctions since Crimea, in per cent of its output."""
    return 100.0 * output_shortfall_ru


def stake_ru_us_of_both(
    output_shortfall_ru: float,
    rivalry_cost_ru_us: float,
    decisiveness: float,
    ext_milex_us_2024: float,
    ext_milex_ru_2024: float,
) -> float:
    """Geometric mean of what Russia has borne for its course and of what its effort reveals."""
    effort = stake_ru_us_of_effort(rivalry_cost_ru_us, decisiveness, ext_milex_us_2024, ext_milex_ru_2024)
    return _root(stake_ru_us_of_loss(output_shortfall_ru) * effort)


def stake_us_cn_of_both(
    rivalry_cost_us_cn: float,
    decisiveness: float,
    ext_milex_us_2024: float,
    ext_milex_cn_2024: float,
    ext_taiwan_us_blockade: float,
    ext_taiwan_us_war: float,
) -> float:
    """Geometric mean of what American effort reveals and of what a conflict over Taiwan would cost America."""
    effort = _revealed(rivalry_cost_us_cn, decisiveness, ext_milex_us_2024, ext_milex_cn_2024)
    return _root(effort * 0.5 * (ext_taiwan_us_blockade + ext_taiwan_us_war))


def stake_cn_us_of_both(
    rivalry_cost_cn_us: float,
    decisiveness: float,
    ext_milex_us_2024: float,
    ext_milex_cn_2024: float,
    ext_taiwan_cn_blockade: float,
    ext_taiwan_cn_war: float,
) -> float:
    """Geometric mean of what Chinese effort reveals and of what a conflict over Taiwan would cost China."""
    effort = _revealed(rivalry_cost_cn_us, decisiveness, ext_milex_cn_2024, ext_milex_us_2024)
    return _root(effort * 0.5 * (ext_taiwan_cn_blockade + ext_taiwan_cn_war))


# ----- the grounding: what rivalry costs


def hostility_us_ru(
    ext_us_defence_europe: float, ext_us_ukraine_aid: float, ext_usd_per_eur_2024: float, ext_gdp_us_2024: float
) -> float:
    """American defence in Europe and aid to Ukraine in each of its three years, in per cent of American output."""
    return 100.0 * (ext_us_defence_europe + ext_us_ukraine_aid * ext_usd_per_eur_2024 / 3.0) / ext_gdp_us_2024


def _american(spending: float, output: float, peace: float, rival: float, other: float) -> float:
    """American burden above a peacetime level, shared out by what the two rivals spend."""
    return (100.0 * spending / output - peace) * rival / (rival + other)


def us_above_trough_ru(
    ext_milex_us_2024: float,
    ext_gdp_us_2024: float,
    ext_milex_burden_us_trough: float,
    ext_milex_ru_2024: float,
    ext_milex_cn_2024: float,
) -> float:
    """American burden above its lowest since the war, the part that Russian spending has in its rivals' spending."""
    return _american(
        ext_milex_us_2024, ext_gdp_us_2024, ext_milex_burden_us_trough, ext_milex_ru_2024, ext_milex_cn_2024
    )


def us_above_guideline_ru(
    ext_milex_us_2024: float,
    ext_gdp_us_2024: float,
    ext_nato_guideline: float,
    ext_milex_ru_2024: float,
    ext_milex_cn_2024: float,
) -> float:
    """American burden above the allies' guideline, the part that Russian spending has in its rivals' spending."""
    return _american(ext_milex_us_2024, ext_gdp_us_2024, ext_nato_guideline, ext_milex_ru_2024, ext_milex_cn_2024)


def us_above_trough_cn(
    ext_milex_us_2024: float,
    ext_gdp_us_2024: float,
    ext_milex_burden_us_trough: float,
    ext_milex_cn_2024: float,
    ext_milex_ru_2024: float,
) -> float:
    """American burden above its lowest since the war, the part that Chinese spending has in its rivals' spending."""
    return _american(
        ext_milex_us_2024, ext_gdp_us_2024, ext_milex_burden_us_trough, ext_milex_cn_2024, ext_milex_ru_2024
    )


def us_above_guideline_cn(
    ext_milex_us_2024: float,
    ext_gdp_us_2024: float,
    ext_nato_guideline: float,
    ext_milex_cn_2024: float,
    ext_milex_ru_2024: float,
) -> float:
    """American burden above the allies' guideline, the part that Chinese spending has in its rivals' spending."""
    return _american(ext_milex_us_2024, ext_gdp_us_2024, ext_nato_guideline, ext_milex_cn_2024, ext_milex_ru_2024)


def ru_above_2021(ext_milex_burden_ru_2024: float, ext_milex_burden_ru_2021: float) -> float:
    """Russian burden of the war: that of 2024 above that of the last year before the invasion."""
    return ext_milex_burden_ru_2024 - ext_milex_burden_ru_2021


def ru_above_2016(ext_milex_burden_ru_2024: float, ext_milex_burden_ru_2016: float) -> float:
    """Russian burden of 2024 above that of 2016, the height of rearmament before the invasion."""
    return ext_milex_burden_ru_2024 - ext_milex_burden_ru_2016


def ru_above_guideline(ext_milex_burden_ru_2024: float, ext_nato_guideline: float) -> float:
    """Russian burden of 2024 above what the other side's members call enough in peace."""
    return ext_milex_burden_ru_2024 - ext_nato_guideline


def ru_2023_above_2021(ext_milex_burden_ru_2023: float, ext_milex_burden_ru_2021: float) -> float:
    """Russian burden of 2023 above that of the last year before the invasion."""
    return ext_milex_burden_ru_2023 - ext_milex_burden_ru_2021


def _american_part(america: float, india: float, japan: float, taiwan: float) -> float:
    """American part in the spending of those whom China arms against."""
    return america / (america + india + japan + taiwan)


def cn_above_floor(
    ext_milex_cn_2024: float,
    ext_gdp_cn_2024: float,
    ext_milex_us_2024: float,
    ext_milex_in_2024: float,
    ext_milex_jp_2024: float,
    ext_milex_tw_2024: float,
) -> float:
    """Chinese burden above one per cent of output, the American part in its rivals' spending."""
    part = _american_part(ext_milex_us_2024, ext_milex_in_2024, ext_milex_jp_2024, ext_milex_tw_2024)
    return (100.0 * ext_milex_cn_2024 / ext_gdp_cn_2024 - 1.0) * part


def cn_burden(
    ext_milex_cn_2024: float,
    ext_gdp_cn_2024: float,
    ext_milex_us_2024: float,
    ext_milex_in_2024: float,
    ext_milex_jp_2024: float,
    ext_milex_tw_2024: float,
) -> float:
    """The whole Chinese burden, the American part in its rivals' spending."""
    part = _american_part(ext_milex_us_2024, ext_milex_in_2024, ext_milex_jp_2024, ext_milex_tw_2024)
    return 100.0 * ext_milex_cn_2024 / ext_gdp_cn_2024 * part


def ru_second_front(ext_milex_burden_ru_2024: float, ext_milex_cn_2024: float, ext_milex_nato_2024: float) -> float:
    """Russian burden shared out by what China and NATO spend: the Chinese part, were China a rival as NATO is."""
    return ext_milex_burden_ru_2024 * ext_milex_cn_2024 / (ext_milex_cn_2024 + ext_milex_nato_2024)


def ru_second_front_2021(
    ext_milex_burden_ru_2021: float, ext_milex_cn_2024: float, ext_milex_nato_2024: float
) -> float:
    """The same with the burden of the last year before the invasion."""
    return ru_second_front(ext_milex_burden_ru_2021, ext_milex_cn_2024, ext_milex_nato_2024)


def ru_second_front_us(ext_milex_burden_ru_2024: float, ext_milex_cn_2024: float, ext_milex_us_2024: float) -> float:
    """The same with the United States alone in the place of NATO."""
    return ru_second_front(ext_milex_burden_ru_2024, ext_milex_cn_2024, ext_milex_us_2024)


def cn_second_front(
    ext_milex_cn_2024: float, ext_gdp_cn_2024: float, ext_milex_ru_2024: float, ext_milex_us_2024: float
) -> float:
    """Chinese burden shared out by what Russia and the United States spend: the Russian part."""
    return 100.0 * ext_milex_cn_2024 / ext_gdp_cn_2024 * ext_milex_ru_2024 / (ext_milex_ru_2024 + ext_milex_us_2024)


def cn_burden_fall(ext_milex_burden_cn_1989: float, ext_milex_burden_cn_1995: float) -> float:
    """By how much China's burden fell in the six years after it had settled with Moscow."""
    return ext_milex_burden_cn_1989 - ext_milex_burden_cn_1995


# ----- the grounding: trade


def trade_ru_cn_unhindered(ost_trade_ru_cn_2024: float, secondary_sanctions: float, evasion: float) -> float:
    """Russian-Chinese trade without secondary sanctions, so that with them the documented trade flows."""
    return ost_trade_ru_cn_2024 / (1.0 - secondary_sanctions * (1.0 - evasion))


def trade_us_cn_unhindered(ext_trade_us_cn_2024: float, choke_us_cn: float, choke_cn_us: float) -> float:
    """American-Chinese trade without today's barriers, so that with them the reported trade flows."""
    return ext_trade_us_cn_2024 / ((1.0 - choke_us_cn) * (1.0 - choke_cn_us))


def choke_us_ru_of_fall(ext_trade_us_ru_2024: float, trade_us_ru: float, choke_ru_us: float) -> float:
    """Part of the trade that American measures stop, so that with Russian ones the trade of 2024 is left."""
    stopped: float = np.clip(1.0 - ext_trade_us_ru_2024 / (trade_us_ru * (1.0 - choke_ru_us)), 0.0, 1.0)
    return stopped


def gain_of_us_trade(ext_us_gains_from_trade: float, ext_us_import_share: float) -> float:
    """American gain from a dollar of two-way trade: half of the gain from a dollar of imports."""
    return 0.5 * ext_us_gains_from_trade / ext_us_import_share


def gain_as_of_us_trade(gain_per_dollar: float) -> float:
    """The gain from a dollar of two-way trade of a large economy that has other partners."""
    return gain_per_dollar


def gain_ru_by_prices(ext_price_rise_controlled_ru: float, ext_price_rise_controlled_others: float) -> float:
    """Half of what Russia pays more than others for the goods that it cannot get elsewhere, for each dollar."""
    return 0.5 * ((1.0 + ext_price_rise_controlled_ru) / (1.0 + ext_price_rise_controlled_others) - 1.0)


def gain_at_price_elasticity(ext_theta_prices: float) -> float:
    """Gain from a dollar of two-way trade where a partner can be replaced at the trade elasticity: 1 / (2θ)."""
    return 0.5 / ext_theta_prices


def gain_at_long_elasticity(ext_theta_long: float) -> float:
    """The same at the elasticity of the long run."""
    return 0.5 / ext_theta_long


def gain_at_tenfold_price(ost_industrial_goods_price_multiplier: float, ext_theta_short: float) -> float:
    """Half of the surplus lost where the price rises to the documented multiple p: ½ (1 − p^−θ) / θ."""
    return 0.5 * (1.0 - _power(ost_industrial_goods_price_multiplier, -ext_theta_short)) / ext_theta_short


def gain_as_by_prices(gain_per_dollar_ru: float) -> float:
    """Russia's gain from a dollar of two-way trade in goods that sanctions keep scarce."""
    return gain_per_dollar_ru


def gas_discount(
    ost_gas_contract_max_volume: float, ext_gas_price_cn: float, ext_gas_price_west: float, ost_trade_ru_cn_2024: float
) -> float:
    """China's saving on the contracted gas against western buyers, for each dollar of its trade with Russia."""
    saved = ost_gas_contract_max_volume * (ext_gas_price_west - ext_gas_price_cn) / 1000.0
    return saved / ost_trade_ru_cn_2024


def gas_discount_shown(ext_gas_price_cn: float, ext_gas_price_west: float) -> float:
    """How much less China pays for Russian pipeline gas than western buyers do, as a share of what they pay."""
    return 1.0 - ext_gas_price_cn / ext_gas_price_west


def _tariff_choke(elasticity: float, tariff: float, part: float) -> float:
    """Part of the trade that a tariff on one flow stops."""
    return part * (1.0 - _power(1.0 + tariff, -elasticity))


def choke_us_cn_of_tariff(
    trade_elasticity: float, ext_tariff_us_on_cn: float, ext_us_imports_from_cn_2024: float, ext_trade_us_cn_2024: float
) -> float:
    """Part of the trade that American tariffs stop: that of imports in the trade, times 1 − (1 + tariff)^−θ."""
    return _tariff_choke(trade_elasticity, ext_tariff_us_on_cn, ext_us_imports_from_cn_2024 / ext_trade_us_cn_2024)


def choke_cn_us_of_tariff(
    trade_elasticity: float, ext_tariff_cn_on_us: float, ext_us_imports_from_cn_2024: float, ext_trade_us_cn_2024: float
) -> float:
    """Part of the trade that Chinese tariffs stop: that of American exports, times 1 − (1 + tariff)^−θ."""
    part = 1.0 - ext_us_imports_from_cn_2024 / ext_trade_us_cn_2024
    return _tariff_choke(trade_elasticity, ext_tariff_cn_on_us, part)


def tariff_threatened(tdc_tariff_threat_on_china: float, ext_theta_long: float) -> float:
    """Part of the trade that the threatened tariff would stop in the long run, on both flows."""
    return _tariff_choke(ext_theta_long, tdc_tariff_threat_on_china, 1.0)


def choke_of_crimea(ext_trade_us_ru_2013: float, ext_trade_us_ru_2016: float) -> float:
    """What one of two sides stopped if each had the same part in the fall of trade after Crimea."""
    return 1.0 - _root(ext_trade_us_ru_2016 / ext_trade_us_ru_2013)


def choke_of_invasion(ext_eu_ru_trade_2021: float, ext_eu_ru_trade_2024: float) -> float:
    """What one of two sides stopped if each had the same part in the fall of European-Russian trade."""
    return 1.0 - _root(ext_eu_ru_trade_2024 / ext_eu_ru_trade_2021)


# ----- the grounding: sanctions


def _reach(crude: float, trade: float, imports: float, tankers: float, sector: float, banks: float) -> float:
    """Crude by the tankers that are listed, the rest by the banks that are listed and refused."""
    part = crude * (trade - imports) / trade
    return part * tankers + (1.0 - part) * sector * banks


def cost_of_payments(
    tdc_crude_share_of_ru_exports_to_cn: float,
    ost_trade_ru_cn_2023: float,
    tdc_cn_exports_to_ru_2023: float,
    ost_russian_bank_sector_sanctioned_share: float,
    tdc_local_banks_refusing_share: float,
    trade_ru_cn: float,
    gain_ru_cn: float,
    evasion: float,
) -> float:
    """Gains from the trade with China, crude left out, that refusing banks take and evasion does not give back."""
    crude = tdc_crude_share_of_ru_exports_to_cn * (ost_trade_ru_cn_2023 - tdc_cn_exports_to_ru_2023)
    refused = ost_russian_bank_sector_sanctioned_share * tdc_local_banks_refusing_share
    return (1.0 - crude / ost_trade_ru_cn_2023) * refused * (1.0 - evasion) * trade_ru_cn * gain_ru_cn


def cost_of_tankers(
    tdc_crude_share_of_ru_exports_to_cn: float,
    ost_trade_ru_cn_2023: float,
    tdc_cn_exports_to_ru_2023: float,
    ost_tanker_sanctions_share_seaborne_crude: float,
    trade_ru_cn: float,
    gain_ru_cn: float,
    evasion: float,
) -> float:
    """Gains from the trade in crude with China that listed tankers take and evasion does not give back."""
    crude = tdc_crude_share_of_ru_exports_to_cn * (ost_trade_ru_cn_2023 - tdc_cn_exports_to_ru_2023)
    listed = ost_tanker_sanctions_share_seaborne_crude * (1.0 - evasion)
    return crude / ost_trade_ru_cn_2023 * listed * trade_ru_cn * gain_ru_cn


def cost_of_technology(
    tdc_cn_exports_to_ru_2023: float,
    tdc_cn_exports_electronics_machinery_share_2021: float,
    ext_price_rise_controlled_ru: float,
    ext_price_rise_controlled_others: float,
) -> float:
    """What Russia pays above others' prices for electronics and machinery from China, in billion dollars a year."""
    paid = tdc_cn_exports_to_ru_2023 * tdc_cn_exports_electronics_machinery_share_2021
    return paid * (1.0 - (1.0 + ext_price_rise_controlled_others) / (1.0 + ext_price_rise_controlled_ru))


def yield_of_assets(frozen_assets: float, asset_return: float) -> float:
    """What the frozen assets would earn, in billion dollars a year."""
    return frozen_assets * asset_return


def sanction_reach(
    tdc_crude_share_of_ru_exports_to_cn: float,
    ost_trade_ru_cn_2023: float,
    tdc_cn_exports_to_ru_2023: float,
    ost_tanker_sanctions_share_seaborne_crude: float,
    ost_russian_bank_sector_sanctioned_share: float,
    tdc_local_banks_refusing_share: float,
) -> float:
    """Part of the trade that secondary sanctions expose: crude on listed tankers, the rest through refusing banks."""
    return _reach(
        tdc_crude_share_of_ru_exports_to_cn,
        ost_trade_ru_cn_2023,
        tdc_cn_exports_to_ru_2023,
        ost_tanker_sanctions_share_seaborne_crude,
        ost_russian_bank_sector_sanctioned_share,
        tdc_local_banks_refusing_share,
    )


def sanction_reach_big_banks(
    tdc_crude_share_of_ru_exports_to_cn: float,
    ost_trade_ru_cn_2023: float,
    tdc_cn_exports_to_ru_2023: float,
    ost_tanker_sanctions_share_seaborne_crude: float,
    ost_russian_bank_sector_sanctioned_share: float,
    tdc_big_state_banks_refusing: float,
) -> float:
    """The same by the large state banks, of which three in four refused."""
    return _reach(
        tdc_crude_share_of_ru_exports_to_cn,
        ost_trade_ru_cn_2023,
        tdc_cn_exports_to_ru_2023,
        ost_tanker_sanctions_share_seaborne_crude,
        ost_russian_bank_sector_sanctioned_share,
        tdc_big_state_banks_refusing / 4.0,
    )


def _undone(effect: float, exposed: float) -> float:
    """Part of an exposure that had no effect."""
    return 1.0 - effect / exposed


def evasion_shown(
    wel_trade_growth_2024: float,
    wel_trade_growth_before_2024: float,
    ost_russian_bank_sector_sanctioned_share: float,
    tdc_local_banks_refusing_share: float,
    ost_espo_exports_jan_2025: float,
    ost_espo_exports_feb_2025: float,
    ost_tanker_sanctions_share_seaborne_crude: float,
) -> float:
    """Part of the exposure that had no effect, mean of banks (slower growth of trade) and tankers (dip of exports)."""
    banks = _undone(
        1.0 - (1.0 + wel_trade_growth_2024) / (1.0 + wel_trade_growth_before_2024),
        ost_russian_bank_sector_sanctioned_share * tdc_local_banks_refusing_share,
    )
    dip = 1.0 - ost_espo_exports_jan_2025 / ost_espo_exports_feb_2025
    return 0.5 * (banks + _undone(dip, ost_tanker_sanctions_share_seaborne_crude))


def evasion_of_big_banks(
    wel_trade_growth_2024: float,
    wel_trade_growth_before_2024: float,
    ost_russian_bank_sector_sanctioned_share: float,
    tdc_big_state_banks_refusing: float,
) -> float:
    """Part of the exposure through large state banks, of which three in four refused, that had no effect."""
    return _undone(
        1.0 - (1.0 + wel_trade_growth_2024) / (1.0 + wel_trade_growth_before_2024),
        ost_russian_bank_sector_sanctioned_share * tdc_big_state_banks_refusing / 4.0,
    )


#: Days of a year on average, and dollars of a barrel for billions of dollars over million barrels.
DAYS, DOLLARS = 365.25, 1000.0


def _freight_part(
    dearer: float, cargo: float, value: float, a_day: float, crude: float, tankers: float, banks: float
) -> float:
    """What dearer freight takes of the trade that evades, which is crude in part: per barrel, over its price."""
    price = DOLLARS * value / (DAYS * a_day / 1e6)
    exposed = crude * tankers + (1.0 - crude) * banks
    return dearer / cargo / price * crude * tankers / exposed


def freight_of_evasion(
    ost_espo_freight_cost: float,
    ext_espo_freight_before: float,
    ext_espo_cargo: float,
    ext_crude_ru_cn_value_2024: float,
    ext_crude_ru_cn_2024: float,
    tdc_crude_share_of_ru_exports_to_cn: float,
    ost_trade_ru_cn_2023: float,
    tdc_cn_exports_to_ru_2023: float,
    ost_tanker_sanctions_share_seaborne_crude: float,
    ost_russian_bank_sector_sanctioned_share: float,
    tdc_local_banks_refusing_share: float,
) -> float:
    """Freight that the listing of tankers added, as a part of the trade that evades secondary sanctions."""
    return _freight_part(
        ost_espo_freight_cost - ext_espo_freight_before,
        ext_espo_cargo,
        ext_crude_ru_cn_value_2024,
        ext_crude_ru_cn_2024,
        tdc_crude_share_of_ru_exports_to_cn * (ost_trade_ru_cn_2023 - tdc_cn_exports_to_ru_2023) / ost_trade_ru_cn_2023,
        ost_tanker_sanctions_share_seaborne_crude,
        ost_russian_bank_sector_sanctioned_share * tdc_local_banks_refusing_share,
    )


def freight_of_evasion_by_april(
    ext_espo_freight_april: float,
    ext_espo_freight_before: float,
    ext_espo_cargo: float,
    ext_crude_ru_cn_value_2024: float,
    ext_crude_ru_cn_2024: float,
    tdc_crude_share_of_ru_exports_to_cn: float,
    ost_trade_ru_cn_2023: float,
    tdc_cn_exports_to_ru_2023: float,
    ost_tanker_sanctions_share_seaborne_crude: float,
    ost_russian_bank_sector_sanctioned_share: float,
    tdc_local_banks_refusing_share: float,
) -> float:
    """The same by the freight of three months later, when other tankers had come: the lower end."""
    return _freight_part(
        ext_espo_freight_april - ext_espo_freight_before,
        ext_espo_cargo,
        ext_crude_ru_cn_value_2024,
        ext_crude_ru_cn_2024,
        tdc_crude_share_of_ru_exports_to_cn * (ost_trade_ru_cn_2023 - tdc_cn_exports_to_ru_2023) / ost_trade_ru_cn_2023,
        ost_tanker_sanctions_share_seaborne_crude,
        ost_russian_bank_sector_sanctioned_share * tdc_local_banks_refusing_share,
    )


def freight_of_evasion_since_peace(
    ost_espo_freight_cost: float,
    ext_espo_freight_peace: float,
    ext_espo_cargo: float,
    ext_crude_ru_cn_value_2024: float,
    ext_crude_ru_cn_2024: float,
    tdc_crude_share_of_ru_exports_to_cn: float,
    ost_trade_ru_cn_2023: float,
    tdc_cn_exports_to_ru_2023: float,
    ost_tanker_sanctions_share_seaborne_crude: float,
    ost_russian_bank_sector_sanctioned_share: float,
    tdc_local_banks_refusing_share: float,
) -> float:
    """The same over the freight before the invasion, when nothing had to be evaded: the upper end."""
    return _freight_part(
        ost_espo_freight_cost - ext_espo_freight_peace,
        ext_espo_cargo,
        ext_crude_ru_cn_value_2024,
        ext_crude_ru_cn_2024,
        tdc_crude_share_of_ru_exports_to_cn * (ost_trade_ru_cn_2023 - tdc_cn_exports_to_ru_2023) / ost_trade_ru_cn_2023,
        ost_tanker_sanctions_share_seaborne_crude,
        ost_russian_bank_sector_sanctioned_share * tdc_local_banks_refusing_share,
    )


def us_part_of_lost_trade(
    ext_trade_us_ru_2021: float, ext_eu_ru_trade_2021: float, ext_usd_per_eur_2024: float
) -> float:
    """American part in the trade of America and Europe with Russia before the invasion."""
    return ext_trade_us_ru_2021 / (ext_trade_us_ru_2021 + ext_eu_ru_trade_2021 * ext_usd_per_eur_2024)


def shortfall_of_potential(ost_crimea_gdp_shortfall: float) -> float:
    """The documented shortfall as a share of actual output, if it was meant as one of potential output: s / (1 − s)."""
    return ost_crimea_gdp_shortfall / (1.0 - ost_crimea_gdp_shortfall)


def output_lost(output_shortfall_ru: float) -> float:
    """Output lost as a share of what it would be without sanctions: s / (1 + s), s being the share of actual output."""
    return output_shortfall_ru / (1.0 + output_shortfall_ru)


def discount_real(ost_russian_policy_rate: float, ext_ru_inflation_2024: float) -> float:
    """Discount factor at the policy rate less inflation (Fisher 1930)."""
    return (1.0 + ext_ru_inflation_2024) / (1.0 + ost_russian_policy_rate)


def discount_nominal(ost_russian_policy_rate: float) -> float:
    """Discount factor at the policy rate as it stands."""
    return 1.0 / (1.0 + ost_russian_policy_rate)


def return_2024(ext_euroclear_income: float, ext_euroclear_assets: float) -> float:
    """What the immobilised assets earned in 2024, for each euro."""
    return ext_euroclear_income / ext_euroclear_assets


def return_2023(ext_euroclear_income_2023: float, ext_euroclear_assets_2023: float) -> float:
    """What the immobilised assets earned in 2023, for each euro."""
    return ext_euroclear_income_2023 / ext_euroclear_assets_2023


# ----- the grounding: order, balance, dependence


def american_primacy(
    capability_us: float, ally_commitment: float, capability_allies: float, capability_cn: float
) -> float:
    """What America with its allies has of the strength of both, the other being China."""
    backed = capability_us + ally_commitment * capability_allies
    return backed / (backed + capability_cn)


def europe_to_america(ext_us_defence_europe: float, ext_gdp_us_2024: float) -> float:
    """What America spends on the defence of Europe, in per cent of its output: a floor under its worth."""
    return 100.0 * ext_us_defence_europe / ext_gdp_us_2024


def europe_replaced(ext_milex_nato_europe_2024: float, ext_gdp_us_2024: float) -> float:
    """What America would spend in place of its European allies, in per cent of its output."""
    return 100.0 * ext_milex_nato_europe_2024 / ext_gdp_us_2024


def american_part_of_sanctions(sanctions_held_us: float) -> float:
    """The American part of what relief is about, where that is all sanctions in force."""
    return sanctions_held_us


def primacy_cost_ru(
    frozen_assets: float,
    asset_return: float,
    primacy_blame_ru: float,
    sanctions_held_us: float,
    output_shortfall_ru: float,
    ext_gdp_ru_2024: float,
) -> float:
    """What American primacy costs Russia: the return on frozen assets, and a part of what American sanctions cost."""
    return 100.0 * (
        frozen_assets * asset_return / ext_gdp_ru_2024 + primacy_blame_ru * sanctions_held_us * output_shortfall_ru
    )


def _next(stake: float, mine: float, winner: float, loser: float, m: float, cumulation: float) -> float:
    """What a third side loses to a winner that turns on it with a part of the loser's strength."""
    return stake * (_share(m, mine, winner) - _share(m, mine, winner + cumulation * loser))


def balance_us(
    stake_us_ru: float,
    stake_us_cn: float,
    capability_us: float,
    capability_ru: float,
    capability_cn: float,
    decisiveness: float,
    cumulation: float,
) -> float:
    """What America would lose to the winner of the other two, who turns on it; mean of both outcomes (Powell 1999)."""
    us, ru, cn, m = capability_us, capability_ru, capability_cn, decisiveness
    return 0.5 * (_next(stake_us_ru, us, ru, cn, m, cumulation) + _next(stake_us_cn, us, cn, ru, m, cumulation))


def balance_ru(
    stake_ru_us: float,
    stake_ru_cn: float,
    capability_us: float,
    capability_ru: float,
    capability_cn: float,
    decisiveness: float,
    cumulation: float,
) -> float:
    """What Russia would lose to the winner of the other two, who turns on it; mean of both outcomes (Powell 1999)."""
    us, ru, cn, m = capability_us, capability_ru, capability_cn, decisiveness
    return 0.5 * (_next(stake_ru_us, ru, us, cn, m, cumulation) + _next(stake_ru_cn, ru, cn, us, m, cumulation))


def balance_cn(
    stake_cn_us: float,
    stake_cn_ru: float,
    capability_us: float,
    capability_ru: float,
    capability_cn: float,
    decisiveness: float,
    cumulation: float,
) -> float:
    """What China would lose to the winner of the other two, who turns on it; mean of both outcomes (Powell 1999)."""
    us, ru, cn, m = capability_us, capability_ru, capability_cn, decisiveness
    return 0.5 * (_next(stake_cn_us, cn, us, ru, m, cumulation) + _next(stake_cn_ru, cn, ru, us, m, cumulation))


def _junior(volume: float, cn: float, west: float, goods: float, ru: float, others: float, part: float) -> float:
    """What worse terms cost Russia: gas sold cheaper, and a part of dear goods bought dearer; billion dollars."""
    return volume * (west - cn) / 1000.0 + part * goods * (1.0 - (1.0 + others) / (1.0 + ru))


def autonomy_of_gas(
    ost_gas_contract_max_volume: float, ext_gas_price_cn: float, ext_gas_price_west: float, ext_gdp_ru_2024: float
) -> float:
    """What Russia forgoes on the contracted gas against western prices, in per cent of its output."""
    return (
        100.0
        * _junior(ost_gas_contract_max_volume, ext_gas_price_cn, ext_gas_price_west, 0.0, 0.0, 0.0, 0.0)
        / ext_gdp_ru_2024
    )


def _autonomy(part: float, *of: float) -> float:
    volume, cn, west, exports, machinery, ru, others, output = of
    return 100.0 * _junior(volume, cn, west, exports * machinery, ru, others, part) / output


def autonomy_of_gas_and_goods(
    ost_gas_contract_max_volume: float,
    ext_gas_price_cn: float,
    ext_gas_price_west: float,
    tdc_cn_exports_to_ru_2023: float,
    tdc_cn_exports_electronics_machinery_share_2021: float,
    ext_price_rise_controlled_ru: float,
    ext_price_rise_controlled_others: float,
    ext_gdp_ru_2024: float,
) -> float:
    """The same and what dearer machinery costs, if all of it was under export control; in per cent of output."""
    return _autonomy(
        1.0,
        ost_gas_contract_max_volume,
        ext_gas_price_cn,
        ext_gas_price_west,
        tdc_cn_exports_to_ru_2023,
        tdc_cn_exports_electronics_machinery_share_2021,
        ext_price_rise_controlled_ru,
        ext_price_rise_controlled_others,
        ext_gdp_ru_2024,
    )


def exposure_shown(
    gain_cn_ru: float,
    wel_trade_growth_before_2024: float,
    wel_trade_growth_2024: float,
    ost_trade_ru_cn_2023: float,
    ext_gdp_cn_2024: float,
) -> float:
    """China's gain from the trade that it gave up when its banks took fright, in per cent of its output: a floor."""
    forgone = (wel_trade_growth_before_2024 - wel_trade_growth_2024) * ost_trade_ru_cn_2023
    return 100.0 * gain_cn_ru * forgone / ext_gdp_cn_2024


def exposure_borne(gain_cn_ru: float, evasion: float, ost_trade_ru_cn_2024: float, ext_gdp_cn_2024: float) -> float:
    """What sanctions may cost China at most, since it kept the trade: g T / (1 − v), in per cent of its output."""
    return 100.0 * gain_cn_ru * ost_trade_ru_cn_2024 / (1.0 - evasion) / ext_gdp_cn_2024


def west_left(ext_gas_ru_west_2024: float, ext_gas_ru_eu_2021: float) -> float:
    """Gas that Russia still sells to the west, of what it sold to the European Union before the invasion."""
    return ext_gas_ru_west_2024 / ext_gas_ru_eu_2021


# ----- those who decide from the side


def trade_closed_eu(ext_eu_ru_trade_2021: float, ext_eu_ru_trade_2024: float, ext_usd_per_eur_2024: float) -> float:
    """European-Russian trade that ended between 2021 and 2024, in dollars."""
    return (ext_eu_ru_trade_2021 - ext_eu_ru_trade_2024) * ext_usd_per_eur_2024


def effort_eu_of_2023(ext_defence_eu_2023: float, ext_defence_eu_2021: float, ext_usd_per_eur_2024: float) -> float:
    """What the EU's members spent on defence in 2023 beyond what they did before the invasion, in dollars."""
    return (ext_defence_eu_2023 - ext_defence_eu_2021) * ext_usd_per_eur_2024


def effort_eu_of_2024(ext_defence_eu_2024: float, ext_defence_eu_2021: float, ext_usd_per_eur_2024: float) -> float:
    """What the EU's members spent on defence in 2024 beyond what they did before the invasion, in dollars."""
    return (ext_defence_eu_2024 - ext_defence_eu_2021) * ext_usd_per_eur_2024


def effort_eu_of_2025(ext_defence_eu_2025: float, ext_defence_eu_2021: float, ext_usd_per_eur_2024: float) -> float:
    """What the EU's members were expected to spend on defence in 2025 beyond that, in dollars."""
    return (ext_defence_eu_2025 - ext_defence_eu_2021) * ext_usd_per_eur_2024


def defence_alone(ext_defence_without_us: float, ext_usd_per_eur_2024: float) -> float:
    """What Europe would have to spend more to defend itself without America, in dollars."""
    return ext_defence_without_us * ext_usd_per_eur_2024


def assets_eu_of_all(ext_assets_eu: float, ext_usd_per_eur_2024: float) -> float:
    """The Russian reserves that lie in the EU, in dollars."""
    return ext_assets_eu * ext_usd_per_eur_2024


def assets_eu_of_euroclear(ext_euroclear_assets: float, ext_usd_per_eur_2024: float) -> float:
    """The Russian assets that lie at the largest holder in the EU, in dollars."""
    return ext_euroclear_assets * ext_usd_per_eur_2024


def trade_eu_cn_of_2024(ext_eu_cn_trade_2024: float, ext_usd_per_eur_2024: float) -> float:
    """What the EU and China sold each other in 2024, in dollars."""
    return ext_eu_cn_trade_2024 * ext_usd_per_eur_2024


def rift_of_tariff(
    gain_per_dollar: float,
    ext_eu_us_trade_2024: float,
    ext_eu_us_exports_2024: float,
    ext_tariff_us_on_eu_threatened: float,
    ext_theta_long: float,
    ext_usd_per_eur_2024: float,
) -> float:
    """What Europe would lose of its gains from trade with America by the tariff once threatened, in dollars."""
    part = ext_eu_us_exports_2024 / ext_eu_us_trade_2024
    stopped = _tariff_choke(ext_theta_long, ext_tariff_us_on_eu_threatened, part)
    return gain_per_dollar * ext_eu_us_trade_2024 * ext_usd_per_eur_2024 * stopped


def damage_a_year(ext_damage_ukraine: float) -> float:
    """What the war destroyed in Ukraine in each of its three years."""
    return ext_damage_ukraine / 3.0


def aid_us_a_year(ext_us_ukraine_aid: float, ext_usd_per_eur_2024: float) -> float:
    """American aid to Ukraine in each of three years of war, in dollars."""
    return ext_us_ukraine_aid * ext_usd_per_eur_2024 / 3.0


def aid_europe_a_year(ext_aid_europe: float, ext_usd_per_eur_2024: float) -> float:
    """European aid to Ukraine in each of three years of war, in dollars."""
    return ext_aid_europe * ext_usd_per_eur_2024 / 3.0


def stake_ua_of_effort(decisiveness: float, ext_milex_ua_2024: float, ext_milex_ru_2024: float) -> float:
    """What Ukraine has at stake, as its effort reveals it: x / (m π (1 − π))."""
    return _revealed(ext_milex_ua_2024, decisiveness, ext_milex_ua_2024, ext_milex_ru_2024)


def stake_ua_of_both(
    decisiveness: float, ext_milex_ua_2024: float, ext_milex_ru_2024: float, ext_gdp_ua_2021: float
) -> float:
    """Geometric mean of what Ukraine's effort reveals and of its whole output before the invasion."""
    return _root(stake_ua_of_effort(decisiveness, ext_milex_ua_2024, ext_milex_ru_2024) * ext_gdp_ua_2021)


def stake_ua_of_occupied(ext_ua_occupied: float, ext_gdp_ua_2021: float) -> float:
    """The output before the invasion of the part of Ukraine that is occupied, if output is spread evenly."""
    return ext_ua_occupied * ext_gdp_ua_2021


def oil_to_cn_ir(ext_ir_oil_exports: float, ext_ir_oil_to_cn: float) -> float:
    """What Iran earns by selling oil to China."""
    return ext_ir_oil_exports * ext_ir_oil_to_cn


def trade_gain_ir(
    ext_price_rise_controlled_ru: float,
    ext_price_rise_controlled_others: float,
    ost_ru_ir_trade: float,
    ext_ir_gdp_2023: float,
) -> float:
    """What trade with Russia is worth to Iran, a dollar as much as to Russia under sanctions, in % of its output."""
    gain = gain_ru_by_prices(ext_price_rise_controlled_ru, ext_price_rise_controlled_others)
    return 100.0 * gain * ost_ru_ir_trade / ext_ir_gdp_2023


def forces_ir(ext_milex_ir_2024: float, ext_ir_gdp_2023: float) -> float:
    """What Iran spends on its forces, in per cent of its output."""
    return 100.0 * ext_milex_ir_2024 / ext_ir_gdp_2023


def tariff_loss_of_oil(
    gain_per_dollar: float,
    ext_in_us_exports_2024: float,
    ext_tariff_us_on_in_reach: float,
    ext_tariff_us_on_in_oil: float,
    ext_theta_long: float,
) -> float:
    """What India would lose of its gains from those sales to America that the tariff over Russian oil meets."""
    met = ext_in_us_exports_2024 * ext_tariff_us_on_in_reach
    return gain_per_dollar * met * _tariff_choke(ext_theta_long, ext_tariff_us_on_in_oil, 1.0)


def sent_a_year_kp(ext_kp_deliveries: float) -> float:
    """What North Korea sent Russia in each of two years."""
    return ext_kp_deliveries / 2.0


def paid_a_year_kp(ext_kp_paid: float) -> float:
    """What Russia is seen to have paid North Korea in each of two years, at most."""
    return ext_kp_paid / 2.0


#: Formula by name: every public function defined above.
FORMULAS: Mapping[str, Callable[..., float]] = MappingProxyType(
    {
        name: function
        for name, function in dict(globals()).items()
        if inspect.isfunction(function) and function.__module__ == __name__ and not name.startswith("_")
    }
)


def lineage(formula: str) -> tuple[str, ...]:
    """The figures and parameters that a formula is made of, in the order of its arguments.

    >>> lineage("sanction_cost")
    ('ost_crimea_gdp_shortfall',)
    """
    return _arguments(FORMULAS[formula])


@cache
def _arguments(formula: Callable[..., float]) -> tuple[str, ...]:
    """The arguments of a formula, asked for at every command: a signature would tell the same, and take long."""
    return formula.__code__.co_varnames[: formula.__code__.co_argcount]


def meaning(formula: str) -> str:
    """The first sentence of the formula's docstring."""
    return (inspect.getdoc(FORMULAS[formula]) or "").split("\n")[0]
