"""The words of the papers, a module a language."""

LANGUAGES = ("fr", "de", "it", "en")
