"""How the team is organised: two poles, and the languages it speaks."""

POLES = ("back-office", "logistics")
LANGUAGES = ("fr", "de", "it", "en")
