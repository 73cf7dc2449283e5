"""The closed list of units, for figures and parameters alike."""

from __future__ import annotations

#: Unit -> what it means.
UNITS = {
    "calendar year": "a year of the Gregorian calendar; the full date, if any, stands in the period",
    "years": "a length of time",
    "months": "a length of time",
    "days": "a length of time",
    "hours": "a length of time",
    "bn USD": "billion US dollars, a stock",
    "bn USD/yr": "billion US dollars per year",
    "bn EUR": "billion euros, a stock",
    "bn EUR/yr": "billion euros per year",
    "million USD": "million US dollars",
    "USD/1000 m3": "US dollars per thousand cubic metres of gas",
    "USD per USD": "US dollars gained per US dollar of two-way trade",
    "bcm/yr": "billion cubic metres per year",
    "Mt/yr": "million tonnes per year",
    "Mt/month": "million tonnes per month",
    "barrels/day": "barrels per day",
    "million barrels": "million barrels",
    "fraction": "a share or a rate of change; 0.19 is nineteen per cent",
    "fraction/yr": "a rate per year",
    "percent": "per cent of a world total",
    "% of GDP": "per cent of the holder's gross domestic product, per year",
    "count": "a number of things",
    "rank": "a place in an order; 1 is the first",
    "multiple": "times a reference value",
    "million persons": "million persons",
    "probability": "between 0 and 1",
    "exponent": "a pure number used as an exponent",
}
