"""What can go wrong with logins."""

from opskit.core.errors import ConflictError


class LastAdminError(ConflictError):
    """Nobody would be left who can give roles; name another admin first."""

    reference = "last-admin"


class NoLoginError(ConflictError):
    """The person is known and has no login yet."""

    reference = "no-login"


class LoginExistsError(ConflictError):
    """The person has a login already."""

    reference = "login-exists"
