import unittest
from datetime import date

from larder.stock import Item, Stock
from larder.units import Amount


class StockTest(unittest.TestCase):
    def setUp(self):
        self.stock = Stock([Item("Milk", Amount(1000, "ml"), date(2026, 3, 4)), Item("Rice", Amount(500, "g"))])

    def test_names_ignore_capitals(self):
        self.assertEqual(self.stock.find("milk").name, "Milk")

    def test_putting_more_adds_up_and_keeps_the_earlier_day(self):
        self.stock.put(Item("milk", Amount(500, "ml"), date(2026, 3, 2)))
        milk = self.stock.find("milk")
        self.assertEqual(milk.amount, Amount(1500, "ml"))
        self.assertEqual(milk.best_before, date(2026, 3, 2))

    def test_taking_all_removes_it(self):
        self.stock.take("rice", Amount(500, "g"))
        self.assertIsNone(self.stock.find("rice"))

    def test_what_runs_out_first_comes_first(self):
        self.assertEqual([i.name for i in self.stock.by_urgency()], ["Milk", "Rice"])
