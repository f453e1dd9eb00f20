"""Guarded entries: whoever wants to read one needs a second person's agreement."""
