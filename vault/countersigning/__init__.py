"""Signatures for which the safe's server wants a second person, where the team asked for that."""
