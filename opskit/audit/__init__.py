"""Reading and proving the event log."""
