"""Patch preparation, built on the checklist engine."""
