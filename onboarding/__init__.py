"""Consultants in their first months: paths, milestones, boards."""
