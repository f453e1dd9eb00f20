"""PostgreSQL, by SCRAM or MD5 alone: the password itself never crosses the network."""

from opskit.core.i18n import _
from opskit.core.secret import Secret
from vault.caring.checking import (
    SECONDS,
    Outcome,
    Place,
    Result,
    Secrets,
    answers_only,
    refused,
    works,
)
from vault.facts import EntryFacts
from vault.kinds import PASSWORD

REFUSALS = ("28P01", "28000")  # invalid password, invalid authorisation (Appendix A of the manual)
HASHED_ONLY = "scram-sha-256,md5"
WITHOUT_TLS = "does not support SSL"


def try_postgresql(place: Place, facts: EntryFacts, secrets: Secrets) -> Result:
    """A LoginTry; needs the driver of the `postgres` extra."""
    try:
        import psycopg
    except ImportError:
        return answers_only(_("to try the login, install opskit[postgres]"))
    if PASSWORD not in secrets:
        return answers_only(_("the entry keeps no password"))
    try:
        _connect(place, facts, secrets[PASSWORD])
    except psycopg.OperationalError as err:
        return _why(facts, err)
    return works(facts)


def _connect(place: Place, facts: EntryFacts, password: Secret) -> None:
    """With TLS where the server has it: left to choose, libpq tries a refused login again without.

    Raises:
        psycopg.OperationalError: not let in, or no PostgreSQL.
    """
    import psycopg

    for mode in ("require", "disable"):
        try:
            psycopg.connect(
                host=place.host,
                port=place.port,
                user=facts.username,
                password=password.reveal(),
                dbname=facts.service or "postgres",
                connect_timeout=int(SECONDS),
                require_auth=HASHED_ONLY,
                sslmode=mode,
                gssencmode="disable",
            ).close()
        except psycopg.OperationalError as err:
            if mode == "disable" or WITHOUT_TLS not in str(err):
                raise
        else:
            return


def _why(facts: EntryFacts, err: Exception) -> Result:
    text = str(err)
    if getattr(err, "sqlstate", None) in REFUSALS or "authentication failed" in text:
        return refused(facts)
    if "does not exist" in text:  # only who was let in is told about databases
        return works(facts)
    if "authentication method requirement" in text:
        return Result(Outcome.STRANGER, _("it asks for the password in the clear"))
    return answers_only(_("no PostgreSQL there"))
