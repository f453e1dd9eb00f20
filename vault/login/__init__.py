"""Logging in and staying logged in: the ways, the token and where it is kept."""
