"""Larder knows what is in the kitchen, what can be cooked with it and what to buy."""

__version__ = "0.3.0"
