"""What is in the kitchen: items with an amount and the day on which they run out."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Optional

from larder.units import Amount, parse_amount


@dataclass
class Item:
    """One thing on the shelf."""

    name: str
    amount: Amount
    best_before: Optional[date] = None

    def days_left(self, today):
        """Days until it runs out; None if it keeps."""
        if self.best_before is None:
            return None
        return (self.best_before - today).days


class Stock:
    """All items by name. Names are compared without regard to capitals."""

    def __init__(self, items=()):
        self._items = {}
        for item in items:
            self.put(item)

    def put(self, item):
        """Add an item; of what is there already the amounts add up and the earlier day counts."""
        key = item.name.lower()
        known = self._items.get(key)
        if known is None:
            self._items[key] = item
            return
        known.amount = known.amount + item.amount
        if item.best_before and (known.best_before is None or item.best_before < known.best_before):
            known.best_before = item.best_before

    def take(self, name, amount):
        """Take some away. What is used up leaves the shelf. KeyError if it is not there."""
        item = self._items[name.lower()]
        item.amount = item.amount - amount
        if item.amount.value == 0:
            del self._items[name.lower()]

    def find(self, name):
        return self._items.get(name.lower())

    def by_urgency(self):
        """What runs out first comes first; what keeps comes last, by name."""
        return sorted(self._items.values(), key=lambda i: (i.best_before or date.max, i.name.lower()))

    def __len__(self):
        return len(self._items)


def load_stock(path):
    """Read a stock from a JSON file: a list of {name, amount, best_before}."""
    # FIXME: a broken date stops the whole program; say which item it is and go on
    with open(path, encoding="utf-8") as file:
        rows = json.load(file)
    return Stock(
        Item(
            name=row["name"],
            amount=parse_amount(row["amount"]),
            best_before=date.fromisoformat(row["best_before"]) if row.get("best_before") else None,
        )
        for row in rows
    )
