"""Entries as a KeePass file."""
