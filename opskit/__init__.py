"""opskit: the operations suite of a Customer Services team."""

__version__ = "0.1.0"
