"""The answer for the ticket, in the client's language: which fields came, never what is in them."""

from datetime import datetime

from vault.entries import EntryRef
from vault.intake.services import Stored
from vault.intake.words import words_in


def reply(stored: Stored, *, ref: EntryRef, language: str) -> str:
    """The whole text, ready to be pasted."""
    words = words_in(language)
    on = _day(stored.at)
    fields = ", ".join(words.label(name) for name in stored.changed) or "–"
    text = words.reply.format(entry=ref, on=on, fields=fields)
    return f"{text}\n\n{words.reply_signature}"


def _day(at: datetime) -> str:
    return at.astimezone().strftime("%d.%m.%Y")
