"""The command line: ``larder stock``, ``larder cook``, ``larder shop RECIPE``."""

import argparse
from datetime import date
from pathlib import Path

from larder import __version__
from larder.matching import suggest
from larder.recipes import load_cookbook
from larder.shopping import ShoppingList
from larder.stock import load_stock

DATA = Path(__file__).resolve().parent.parent / "data"


def main(arguments=None):
    """Run one command; the exit code for the shell."""
    options = _parser().parse_args(arguments)
    stock = load_stock(options.data / "pantry.json")
    cookbook = load_cookbook(options.data / "recipes.json")
    commands = {"stock": show_stock, "cook": show_suggestions, "shop": show_shopping}
    return commands[options.command](options, stock, cookbook)


def show_stock(options, stock, cookbook):
    """Print what is there, what runs out first on top."""
    today = date.today()
    for item in stock.by_urgency():
        days = item.days_left(today)
        when = "keeps" if days is None else f"{days} days"
        print(f"{item.name:<14} {str(item.amount):>8}  {when}")
    return 0


def show_suggestions(options, stock, cookbook):
    """Print what can be cooked, best first."""
    for found in suggest(cookbook, stock, date.today()):
        note = "ready" if found.possible else "missing " + ", ".join(i.name for i in found.missing)
        print(f"{found.recipe.title:<20} {found.recipe.minutes:>3} min  {note}")
    return 0


def show_shopping(options, stock, cookbook):
    """Print the shopping list for one recipe."""
    recipe = cookbook.find(options.recipe)
    if recipe is None:
        print(f"no recipe begins with {options.recipe!r}")
        return 1
    shopping = ShoppingList()
    shopping.add_recipe(recipe.for_portions(options.portions or recipe.portions), stock)
    print("\n".join(shopping.lines()) or "nothing to buy")
    return 0


def _parser():
    parser = argparse.ArgumentParser(prog="larder", description="What is in the kitchen and what to cook.")
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--data", type=Path, default=DATA, help="folder with pantry.json and recipes.json")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("stock", help="what is there")
    commands.add_parser("cook", help="what can be cooked")
    shop = commands.add_parser("shop", help="what to buy for a recipe")
    shop.add_argument("recipe")
    shop.add_argument("--portions", type=int)
    return parser
