"""How the team is organised: two poles, and the languages it speaks."""

POLES = ("back-office", "logistics")
CLIENT_LANGUAGES = ("fr", "de", "it", "en")
