"""The languages of a report; a help that lists them loads nothing else."""

LANGUAGES = ("fr", "en", "de")
