"""The safe as a store of entries: two clients, its metadata, locks, and what a cluster needs."""
