"""Somebody leaves the team: out of the safe at once, and what they knew is rotated."""
