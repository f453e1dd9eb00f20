"""Handing one secret over, once."""
