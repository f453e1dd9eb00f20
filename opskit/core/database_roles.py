"""Which role of PostgreSQL stands behind which role of opskit, where a team has a database.

Nobody logs in with these: the safe makes a login for an hour and puts it into one of them.
"""

from collections.abc import Set as AbstractSet

OWNER = "opskit_owner"  # of the database and its tables; made by hand, docs/setup.md says how

# Whoever has several roles logs in with the first of them.
PRECEDENCE = (
    "admin",
    "manager",
    "license-issuer",
    "sales",
    "agent",
    "safe-keeper",
    "consultant",
    "auditor",
)


def database_role(role: str) -> str:
    """The name in PostgreSQL: `opskit_license_issuer`."""
    return "opskit_" + role.replace("-", "_")


def leading_role(roles: AbstractSet[str]) -> str | None:
    """The role that a person uses the database with; None for somebody without one."""
    return next((role for role in PRECEDENCE if role in roles), None)
