"""A home that uses the safe and the database of a team."""

from dataclasses import replace

from opskit.core.config import Home, Settings
from opskit.core.db import open_engine
from opskit.core.errors import UsageProblemError
from opskit.core.http import VaultHttp
from opskit.core.i18n import _
from opskit.core.private_files import make_private_folder, write_private
from opskit.setup.places import keep_settings, require_new


def join_team(
    home: Home,
    settings: Settings,
    *,
    vault_address: str,
    database_url: str,
    database_logins: bool,
) -> None:
    """Note where the team's safe and database are; nothing is asked of either.

    Raises:
        UsageProblemError: an address is missing.
        InvalidError: it cannot be one.
        ConflictError: the home is complete already.
    """
    if not vault_address or not database_url:
        raise UsageProblemError(
            _("a team's home needs --vault-address and --database-url"),
            hint="opskit init --help",
        )
    require_new(home)
    VaultHttp(vault_address).close()
    open_engine(database_url).dispose()
    make_private_folder(home.folder)
    team = replace(
        settings,
        profile="team",
        vault_address=vault_address,
        database_url=database_url,
        database_logins=database_logins,
    )
    keep_settings(home, team)
    write_private(home.ready_marker, b"")
