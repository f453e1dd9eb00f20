"""A page on which a client encrypts new connection data for the safe (docs/adr/0013-intake.md)."""
