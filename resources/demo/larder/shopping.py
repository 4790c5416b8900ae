"""The shopping list: what recipes need beyond what is in stock, added up and sorted by aisle."""

from larder.units import UnitError

AISLES = {
    "vegetables": {"onion", "carrot", "potato", "leek", "tomato", "garlic", "spinach"},
    "dairy": {"milk", "butter", "cream", "cheese", "yoghurt", "egg"},
    "dry goods": {"flour", "rice", "pasta", "lentils", "sugar", "salt"},
}


def aisle_of(name):
    """Where a thing is found in the shop; "other" if that is not known."""
    for aisle, names in AISLES.items():
        if name.lower() in names:
            return aisle
    return "other"


class ShoppingList:
    """Things to buy, each once, with the amounts of all recipes added up."""

    def __init__(self):
        self._wanted = {}

    def add_recipe(self, recipe, stock):
        """Put on the list what the recipe needs and the stock does not have."""
        for ingredient in recipe.ingredients:
            if ingredient.optional:
                continue
            item = stock.find(ingredient.name)
            need = ingredient.amount
            if item is not None:
                try:
                    need = need - item.amount
                except UnitError:
                    continue
            if need.value > 0:
                self._add(ingredient.name.lower(), need)

    def lines(self):
        """The list as text, by aisle, then by name."""
        rows = sorted((aisle_of(name), name, amount) for name, amount in self._wanted.items())
        return [f"[{aisle}] {name}: {amount}" for aisle, name, amount in rows]

    def _add(self, name, amount):
        # TODO: two recipes share the stock; the second must not count what the first has used
        known = self._wanted.get(name)
        self._wanted[name] = amount if known is None else known + amount
