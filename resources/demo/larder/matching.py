"""Which recipes can be cooked from a stock, and which of them should be cooked first."""

from dataclasses import dataclass

from larder.units import UnitError

SOON = 3  # days


@dataclass
class Match:
    """How well a recipe fits the stock."""

    recipe: object
    missing: list
    saves: list  # names of what would otherwise run out soon

    @property
    def possible(self):
        return not self.missing

    @property
    def score(self):
        """Higher is better: saving food counts double, each missing thing takes away three."""
        return 2 * len(self.saves) - 3 * len(self.missing)


def match(recipe, stock, today):
    """Compare one recipe with the stock."""
    missing, saves = [], []
    for ingredient in recipe.ingredients:
        item = stock.find(ingredient.name)
        if item is None or not _enough(item.amount, ingredient.amount):
            if not ingredient.optional:
                missing.append(ingredient)
            continue
        days = item.days_left(today)
        if days is not None and days <= SOON:
            saves.append(item.name)
    return Match(recipe, missing, saves)


def suggest(cookbook, stock, today, limit=5):
    """The best matches first; quick recipes before slow ones where they are equal."""
    found = [match(recipe, stock, today) for recipe in cookbook]
    found.sort(key=lambda m: (-m.score, m.recipe.minutes, m.recipe.title))
    return found[:limit]


def _enough(have, need):
    try:
        return have.covers(need)
    except UnitError:
        # HACK: grams against millilitres count as enough, because the stock often says "1 bag"
        return True
