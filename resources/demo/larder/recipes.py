"""Recipes: what they need for how many portions, and how they are scaled."""

import json
from dataclasses import dataclass, field

from larder.units import Amount, parse_amount


@dataclass(frozen=True)
class Ingredient:
    """A thing and how much of it; optional ones never stand in the way of cooking."""

    name: str
    amount: Amount
    optional: bool = False


@dataclass
class Recipe:
    """A dish with its ingredients for a number of portions."""

    title: str
    portions: int
    ingredients: list = field(default_factory=list)
    minutes: int = 0
    tags: tuple = ()

    def for_portions(self, portions):
        """The same recipe for another number of portions."""
        if portions < 1:
            raise ValueError("at least one portion")
        factor = portions / self.portions
        scaled = [Ingredient(i.name, i.amount.scaled(factor), i.optional) for i in self.ingredients]
        return Recipe(self.title, portions, scaled, self.minutes, self.tags)


class Cookbook:
    """All recipes, found by title or tag."""

    def __init__(self, recipes=()):
        self._recipes = list(recipes)

    def __iter__(self):
        return iter(self._recipes)

    def find(self, title):
        """The recipe whose title begins with the words, without regard to capitals; None if there is none."""
        wanted = title.lower()
        for recipe in self._recipes:
            if recipe.title.lower().startswith(wanted):
                return recipe
        return None

    def tagged(self, tag):
        return [r for r in self._recipes if tag in r.tags]


def load_cookbook(path):
    """Read recipes from a JSON file; the form is described in docs/recipes.md."""
    # TODO: check the file against a schema and name the recipe that is wrong
    with open(path, encoding="utf-8") as file:
        rows = json.load(file)
    return Cookbook(_recipe_from(row) for row in rows)


def _recipe_from(row):
    ingredients = [
        Ingredient(i["name"], parse_amount(i["amount"]), i.get("optional", False)) for i in row["ingredients"]
    ]
    return Recipe(row["title"], row["portions"], ingredients, row.get("minutes", 0), tuple(row.get("tags", ())))
