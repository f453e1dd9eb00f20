"""What goes wrong with reminders, beside the errors of mail."""

from opskit.core.errors import UnavailableError


class RemindersFailedError(UnavailableError):
    """Some people did not get theirs; the others did."""

    reference = "reminders-failed"


class WebhookUnconfirmedError(UnavailableError):
    """The address was told, and did not answer: nobody knows whether it took the message."""

    reference = "webhook-unconfirmed"
