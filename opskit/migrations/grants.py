"""What each role may do with a team's tables, held by PostgreSQL itself.

There are two kinds of people: who writes and who only reads. The finer rules are the services';
here stands what no way around them may do. Nobody deletes, and what is append-only stays as it is.
"""

from collections.abc import Collection, Iterator

from sqlalchemy import Connection, Engine, text

from opskit.core.database_errors import explaining
from opskit.core.database_roles import database_role
from opskit.core.db import Base
from opskit.core.identity import ROLES
from opskit.migrations import become_owner, load_tables, wait_for_other_upgraders

VERSION_TABLE = "alembic_version"
APPEND_ONLY = frozenset(
    {
        "checklists_comment",
        "checklists_decision",
        "checklists_definition",
        "checklists_file",
        "checklists_retirement",
        "checklists_template",
        "core_event",
        "licenses_batch",
        "licenses_delivery",
        "licenses_emergency",
        "licenses_record",
        "onboarding_access",
        "onboarding_rating",
        "onboarding_review",
        "onboarding_review_note",
        "onboarding_skill_tree",
    }
)
READERS = frozenset({"auditor"})
# What an admin takes away when somebody is erased; the hash chain covers none of it.
ERASABLE = {
    "checklists_comment": ("text",),
    "checklists_decision": ("reason",),
    "checklists_definition": ("body",),
    "checklists_file": ("content", "size"),
    "core_event": ("personal", "salt"),
    "licenses_delivery": ("received_by",),
    "onboarding_rating": ("note",),
    "onboarding_review_note": ("text",),
}


def rights(role: str, table: str) -> tuple[str, ...]:
    """The whole table of rights."""
    if role in READERS or table == VERSION_TABLE:
        return ("SELECT",)
    if table in APPEND_ONLY:
        return ("SELECT", "INSERT")
    return ("SELECT", "INSERT", "UPDATE")


def give_rights(engine: Engine) -> tuple[str, ...]:
    """Make the group roles and give them exactly their rights, as the database's owner.

    Somebody else changes nothing. Returns the group roles that are missing afterwards.

    Raises:
        UnavailableError: the database is away.
    """
    if engine.dialect.name != "postgresql":
        return ()
    load_tables()
    tables = [*Base.metadata.tables, VERSION_TABLE]
    with explaining(), engine.connect() as connection, connection.begin():
        wait_for_other_upgraders(connection)
        is_owner = become_owner(connection)
        missing = _missing_groups(connection)
        if not is_owner or (missing and not _may_create_roles(connection)):
            return missing
        for statement in (*_groups(missing), *_grants(tables)):
            connection.execute(text(statement))
    return ()


def _groups(names: Collection[str]) -> Iterator[str]:
    for name in names:
        yield f"CREATE ROLE {name} NOLOGIN"


def _grants(tables: Collection[str]) -> Iterator[str]:
    groups = ", ".join(map(database_role, ROLES))
    writers = ", ".join(database_role(role) for role in ROLES if role not in READERS)
    yield f"GRANT USAGE ON SCHEMA public TO {groups}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {writers}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {groups}"
    for role in ROLES:
        for table in tables:
            yield f"GRANT {', '.join(rights(role, table))} ON {table} TO {database_role(role)}"
    for table, columns in ERASABLE.items():
        yield f"GRANT UPDATE ({', '.join(columns)}) ON {table} TO {database_role('admin')}"


def _missing_groups(connection: Connection) -> tuple[str, ...]:
    known = set(connection.scalars(text("SELECT rolname FROM pg_roles")))
    return tuple(name for name in map(database_role, ROLES) if name not in known)


def _may_create_roles(connection: Connection) -> bool:
    query = "SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user"
    return bool(connection.scalar(text(query)))
