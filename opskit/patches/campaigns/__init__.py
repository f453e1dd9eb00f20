"""Campaigns: one version brought to many clients, a date for each, and how far all of them are."""
