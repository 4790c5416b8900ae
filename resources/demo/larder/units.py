"""Amounts with units: reading them from text, converting and writing them.

Weights are kept in grams and volumes in millilitres; things that are counted have no unit.
"""

import re
from dataclasses import dataclass

_TO_BASE = {
    "g": ("g", 1.0),
    "kg": ("g", 1000.0),
    "ml": ("ml", 1.0),
    "l": ("ml", 1000.0),
    "tsp": ("ml", 5.0),
    "tbsp": ("ml", 15.0),
    "cup": ("ml", 240.0),
    "": ("", 1.0),
}

_AMOUNT = re.compile(r"^\s*(\d+(?:[.,]\d+)?)\s*([a-zA-Z]*)\s*$")


class UnitError(ValueError):
    """An amount that cannot be read, or two that cannot be compared."""


@dataclass(frozen=True)
class Amount:
    """A number with the unit that it is kept in: g, ml, or nothing for things that are counted."""

    value: float
    unit: str = ""

    def __add__(self, other):
        self._check(other)
        return Amount(self.value + other.value, self.unit)

    def __sub__(self, other):
        """What is left; never less than nothing."""
        self._check(other)
        return Amount(max(0.0, self.value - other.value), self.unit)

    def covers(self, other):
        """True if there is at least as much of it as of the other."""
        self._check(other)
        return self.value >= other.value

    def scaled(self, factor):
        return Amount(self.value * factor, self.unit)

    def _check(self, other):
        # TODO: use the density of common foods, so that a cup of flour can be taken from a bag in grams
        if self.unit != other.unit:
            raise UnitError(f"{self} and {other} are not of the same kind")

    def __str__(self):
        value, unit = self.value, self.unit
        if unit in ("g", "ml") and value >= 1000:
            value, unit = value / 1000, {"g": "kg", "ml": "l"}[unit]
        number = f"{value:.2f}".rstrip("0").rstrip(".")
        return f"{number} {unit}".strip()


def parse_amount(text):
    """Read an amount such as "500 g", "1.5 l", "2 cups" or "3"."""
    match = _AMOUNT.match(text)
    if match is None:
        raise UnitError(f"not an amount: {text!r}")
    number, unit = match.groups()
    unit = unit.lower()
    if unit not in _TO_BASE and unit.endswith("s"):
        unit = unit[:-1]
    if unit not in _TO_BASE:
        raise UnitError(f"unknown unit: {unit!r}")
    base, factor = _TO_BASE[unit]
    return Amount(float(number.replace(",", ".")) * factor, base)
