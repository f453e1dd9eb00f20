"""Why a licence is asked for: the first one, or what becomes of an earlier one."""

from enum import StrEnum

from opskit.core.i18n import _


class Action(StrEnum):
    """Every one of them makes a new record; none changes an old one."""

    NEW = "new"
    RENEW = "renew"
    EXTEND = "extend"
    ADD_MODULES = "add-modules"
    MOVE = "move"
    COPY = "copy"
    REVOKE = "revoke"
    SUPERSEDE = "supersede"
    OFFLINE = "offline"

    def in_words(self) -> str:
        """For a person; JSON and the database have the English word."""
        return {
            Action.NEW: _("new licence"),
            Action.RENEW: _("renewal"),
            Action.EXTEND: _("extension"),
            Action.ADD_MODULES: _("more modules"),
            Action.MOVE: _("move to another site"),
            Action.COPY: _("copy for another site"),
            Action.REVOKE: _("revocation"),
            Action.SUPERSEDE: _("replacement"),
            Action.OFFLINE: _("issued without the safe"),
        }[self]
