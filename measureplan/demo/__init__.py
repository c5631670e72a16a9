"""A made-up web shop whose true effects are known: for the demo, the tests and the bench. Knows no Django."""

from measureplan.demo.generate import Shop, shop, shop_in_chunks
from measureplan.demo.truth import Truth

__all__ = ["Shop", "Truth", "shop", "shop_in_chunks"]
