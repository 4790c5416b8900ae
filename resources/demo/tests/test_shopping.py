import unittest

from larder.recipes import Ingredient, Recipe
from larder.shopping import ShoppingList, aisle_of
from larder.stock import Item, Stock
from larder.units import Amount


class ShoppingTest(unittest.TestCase):
    def test_buys_only_what_is_missing(self):
        shopping = ShoppingList()
        stock = Stock([Item("rice", Amount(150, "g"))])
        shopping.add_recipe(Recipe("Rice", 2, [Ingredient("rice", Amount(200, "g"))]), stock)
        self.assertEqual(shopping.lines(), ["[dry goods] rice: 50 g"])

    def test_adds_up_over_recipes(self):
        shopping = ShoppingList()
        for _ in range(2):
            shopping.add_recipe(Recipe("Dough", 1, [Ingredient("flour", Amount(300, "g"))]), Stock())
        self.assertEqual(shopping.lines(), ["[dry goods] flour: 600 g"])

    def test_unknown_things_are_elsewhere(self):
        self.assertEqual(aisle_of("Saffron"), "other")
