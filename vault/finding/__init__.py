"""Finding entries: the index, the search, and what shows it."""
