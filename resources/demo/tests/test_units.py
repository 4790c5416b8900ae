import unittest

from larder.units import Amount, UnitError, parse_amount


class ParseAmount(unittest.TestCase):
    def test_reads_weights_and_volumes(self):
        self.assertEqual(parse_amount("1.5 kg"), Amount(1500, "g"))
        self.assertEqual(parse_amount("2 cups"), Amount(480, "ml"))

    def test_counts_have_no_unit(self):
        self.assertEqual(parse_amount("3"), Amount(3, ""))

    def test_refuses_what_is_no_amount(self):
        for text in ("", "some", "3 hands", "-1 g"):
            with self.subTest(text), self.assertRaises(UnitError):
                parse_amount(text)


class Arithmetic(unittest.TestCase):
    def test_never_less_than_nothing(self):
        self.assertEqual(Amount(1, "g") - Amount(5, "g"), Amount(0, "g"))

    def test_different_kinds_do_not_mix(self):
        with self.assertRaises(UnitError):
            Amount(1, "g") + Amount(1, "ml")

    def test_writes_large_amounts_in_large_units(self):
        self.assertEqual(str(Amount(1500, "g")), "1.5 kg")
        self.assertEqual(str(Amount(2, "")), "2")
