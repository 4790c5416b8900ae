import unittest
from datetime import date

from larder.matching import match, suggest
from larder.recipes import Cookbook, Ingredient, Recipe
from larder.stock import Item, Stock
from larder.units import Amount

TODAY = date(2026, 3, 1)
SOUP = Recipe("Soup", 4, [Ingredient("leek", Amount(2)), Ingredient("cream", Amount(100, "ml"), optional=True)], 30)
RICE = Recipe("Milk rice", 2, [Ingredient("rice", Amount(200, "g")), Ingredient("milk", Amount(800, "ml"))], 25)


class MatchTest(unittest.TestCase):
    def setUp(self):
        self.stock = Stock([Item("leek", Amount(3), date(2026, 3, 2)), Item("rice", Amount(500, "g"))])

    def test_optional_things_may_be_missing(self):
        self.assertTrue(match(SOUP, self.stock, TODAY).possible)

    def test_names_what_is_missing(self):
        self.assertEqual([i.name for i in match(RICE, self.stock, TODAY).missing], ["milk"])

    def test_saving_food_comes_first(self):
        found = suggest(Cookbook([RICE, SOUP]), self.stock, TODAY)
        self.assertEqual(found[0].recipe.title, "Soup")
        self.assertEqual(found[0].saves, ["leek"])
