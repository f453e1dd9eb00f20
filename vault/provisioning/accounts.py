"""People in the safe: an entity each, its login, its roles, its own approval key.

A role is membership in the identity group of that name; agents are in the groups of their poles
besides. Every verb is idempotent: where a run
was cut off, calling again completes it.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from hvac import exceptions as refused

from opskit.core.errors import ConflictError, InvalidError, NotFoundError
from opskit.core.i18n import _
from opskit.core.identity import ROLES
from opskit.core.logins import check_new_password, parse_login
from opskit.core.secret import Secret
from opskit.core.signing import approver_key
from vault.errors import UnmendableDriftError
from vault.provisioning.desired import TransitKey
from vault.provisioning.poles import PLACED_GROUPS, groups_for, kept_groups
from vault.store.hvac_client import SafeClient
from vault.store.locks import exclusive

USERPASS = "userpass"
PLACING = "groups-of-poles"  # the lock of all groups that give clients


class VaultAccounts:
    """The `Accounts` of staff over hvac; only an admin can."""

    def __init__(self, safe: SafeClient) -> None:
        self._safe = safe

    def create_login(self, login: str, password: Secret, roles: frozenset[str]) -> str:
        """Make an entity that can log in, with these roles at least; returns the entity id.

        The user comes last: before it nobody can log in, so nobody ever does half-made.

        Raises:
            InvalidError: no possible login, password or role.
            ConflictError: the login belongs to another person.
        """
        login = parse_login(login)
        check_new_password(password)
        _check_roles(roles)
        entity_id = self.ensure_entity(login)
        self._ensure_alias(entity_id, login)
        self._ensure_approval_key(entity_id)
        for role in sorted(roles):
            self.grant(entity_id, role)
        self.set_password(login, password)
        return entity_id

    def ensure_entity(self, login: str) -> str:
        """Make an entity that cannot log in (yet); returns the entity id.

        Raises:
            InvalidError: no possible login.
        """
        login = parse_login(login)
        with self._safe.explaining(_("cannot make {name}").format(name=login), "admin"):
            identity = self._safe.api.secrets.identity
            try:
                return str(identity.read_entity_by_name(login)["data"]["id"])
            except refused.InvalidPath:
                identity.create_or_update_entity_by_name(login, metadata={"login": login})
                return str(identity.read_entity_by_name(login)["data"]["id"])

    def grant(self, entity_id: str, role: str) -> None:
        """Give a role. Raises InvalidError for an unknown role, NotFoundError for the entity."""
        self._entity(entity_id)
        self._ensure_approval_key(entity_id)
        with exclusive(self._safe, f"group-{_check_role(role)}"):
            members = self.members(role)
            if entity_id not in members:
                self._write_members(role, members | {entity_id})

    def revoke(self, entity_id: str, role: str) -> None:
        """Take a role away. Raises InvalidError for an unknown role."""
        with exclusive(self._safe, f"group-{_check_role(role)}"):
            members = self.members(role)
            if entity_id in members:
                self._write_members(role, members - {entity_id})

    def place(self, entity_id: str, pole: str | None) -> None:
        """Put a person into the groups of the clients that roles and pole give, and no other.

        `pole` is empty for somebody who works for both, None for one of no pole of ours. Groups
        that were given to a newcomer stay as far as these allow.
        """
        if self._is_placed(entity_id, pole):
            return
        with exclusive(self._safe, PLACING):  # the roles are read in here too
            self._enter(entity_id, _placed_in(self.groups_of(entity_id), pole))

    def enter_groups(
        self, entity_id: str, groups: AbstractSet[str], *, out_of: AbstractSet[str]
    ) -> None:
        """Put a person into these groups of clients, and take them out of those others."""
        with exclusive(self._safe, PLACING):
            found = self.groups_of(entity_id) & set(PLACED_GROUPS)
            self._enter(entity_id, (found - out_of) | groups)

    def roles_of(self, entity_id: str) -> frozenset[str]:
        """The roles of one person. Raises NotFoundError for an unknown entity."""
        return frozenset(ROLES) & self.groups_of(entity_id)

    def members(self, role: str) -> frozenset[str]:
        """The entity ids that have the role. Raises InvalidError for an unknown role."""
        with self._safe.explaining(
            _("cannot read the role {role}").format(role=_check_role(role)), "admin"
        ):
            found = self._safe.api.secrets.identity.read_group_by_name(role)["data"]
        return frozenset(found["member_entity_ids"] or ())

    def members_of(self, group: str) -> frozenset[str]:
        """The entity ids in a group; none where it was never made."""
        try:
            with self._safe.explaining(
                _("cannot read the group {name}").format(name=group), "admin"
            ):
                found = self._safe.api.secrets.identity.read_group_by_name(group)["data"]
        except NotFoundError:
            return frozenset()
        return frozenset(found["member_entity_ids"] or ())

    def set_password(self, login: str, password: Secret) -> None:
        """Set it, whatever it was. Raises InvalidError for an impossible one."""
        login = parse_login(login)
        check_new_password(password)
        with self._safe.explaining(
            _("cannot set a password for {name}").format(name=login), "admin"
        ):
            # hvac's own method would send the policies too, and so overwrite them.
            self._safe.api.adapter.post(
                f"/v1/auth/{USERPASS}/users/{login}", json={"password": password.reveal()}
            )

    def disable(self, entity_id: str) -> None:
        """Refuse every login and token of this entity from now on.

        The tokens are revoked too: they would live again once the entity is enabled.
        """
        self._set_disabled(entity_id, disabled=True)
        self.end_logins(entity_id)

    def end_logins(self, entity_id: str) -> None:
        """End every login of a person now, but the one that asks for it."""
        with self._safe.explaining(_("cannot end the logins of a person"), "admin"):
            own = self._safe.api.auth.token.lookup_self()["data"]["accessor"]
            for accessor in self._accessors_of(entity_id):
                if accessor != own:
                    self._revoke(accessor)

    def leave_every_group(self, entity_id: str) -> None:
        """Take a person out of the groups of roles and clients, and of any that others made.

        A group that another system fills at a login keeps them: no login fills it any more.
        """
        for group in sorted(self.groups_of(entity_id)):
            if self._is_filled_elsewhere(group):
                continue
            lock = PLACING if group in PLACED_GROUPS else f"group-{group}"
            with exclusive(self._safe, lock):
                members = self.members_of(group)
                if entity_id in members:
                    self._write_members(group, members - {entity_id})

    def enable(self, entity_id: str) -> None:
        """Let log in again. Raises NotFoundError for an unknown entity."""
        self._set_disabled(entity_id, disabled=False)

    def _entity(self, entity_id: str) -> Mapping[str, Any]:
        try:
            with self._safe.explaining(_("cannot read a person"), "admin"):
                found: Mapping[str, Any] = self._safe.api.secrets.identity.read_entity(entity_id)[
                    "data"
                ]
        except NotFoundError as err:
            raise NotFoundError(
                _("the safe knows no person {entity}").format(entity=entity_id),
                hint="opskit user list",
            ) from err
        return found

    def _ensure_alias(self, entity_id: str, login: str) -> None:
        """Tie the login to the entity, unless it is somebody else's."""
        with self._safe.explaining(_("cannot make {name}").format(name=login), "admin"):
            api = self._safe.api
            accessor = api.sys.list_auth_methods()["data"][f"{USERPASS}/"]["accessor"]
            owner = api.secrets.identity.lookup_entity(
                alias_name=login, alias_mount_accessor=accessor
            )
            if not isinstance(owner, dict):  # 204: nobody
                api.secrets.identity.create_or_update_entity_alias(
                    name=login, canonical_id=entity_id, mount_accessor=accessor
                )
            elif owner["data"]["id"] != entity_id:
                raise ConflictError(
                    _("the login {name} belongs to another person").format(name=login),
                    hint="opskit user list",
                )

    def _ensure_approval_key(self, entity_id: str) -> None:
        key = TransitKey(approver_key(entity_id))
        with self._safe.explaining(_("cannot make an approval key"), "admin"):
            is_ours = key.mend(self._safe.api)
        if not is_ours:
            raise UnmendableDriftError(
                _("{what} is not one that opskit made").format(what=key.title),
                hint=_("move it away by hand"),
            )

    def _is_placed(self, entity_id: str, pole: str | None) -> bool:
        found = self.groups_of(entity_id)
        return _placed_in(found, pole) == found & set(PLACED_GROUPS)

    def _enter(self, entity_id: str, wanted: AbstractSet[str]) -> None:
        for group in PLACED_GROUPS:
            members = self.members_of(group)
            changed = members | {entity_id} if group in wanted else members - {entity_id}
            if changed != members:
                self._write_members(group, changed)

    def groups_of(self, entity_id: str) -> frozenset[str]:
        """The names of every group that a person is in. Raises NotFoundError as `roles_of`."""
        memberships = self._entity(entity_id)["group_ids"] or ()
        with self._safe.explaining(_("cannot read the roles"), "admin"):
            groups = self._groups()
        return frozenset(groups[each]["name"] for each in memberships if each in groups)

    def _is_filled_elsewhere(self, group: str) -> bool:
        what = _("cannot read the group {name}").format(name=group)
        with self._safe.explaining(what, "admin"):
            found = self._safe.api.secrets.identity.read_group_by_name(group)["data"]
        return bool(found["type"] == "external")

    def _write_members(self, group: str, members: frozenset[str]) -> None:
        what = _("cannot change the group {name}").format(name=group)
        with self._safe.explaining(what, "admin"):
            self._safe.api.adapter.post(
                f"/v1/identity/group/name/{group}", json={"member_entity_ids": sorted(members)}
            )

    def _set_disabled(self, entity_id: str, *, disabled: bool) -> None:
        self._entity(entity_id)
        with self._safe.explaining(_("cannot change a person"), "admin"):
            self._safe.api.adapter.post(
                f"/v1/identity/entity/id/{entity_id}", json={"disabled": disabled}
            )

    def _accessors_of(self, entity_id: str) -> list[str]:
        token = self._safe.api.auth.token
        found = []
        for accessor in self._safe.api.list("auth/token/accessors")["data"]["keys"]:
            try:
                facts = token.lookup_accessor(accessor)["data"]
            except (refused.InvalidPath, refused.InvalidRequest, refused.Forbidden):
                continue  # it ended meanwhile
            if facts["entity_id"] == entity_id:
                found.append(accessor)
        return found

    def _revoke(self, accessor: str) -> None:
        try:
            self._safe.api.auth.token.revoke_accessor(accessor)
        except (refused.InvalidPath, refused.InvalidRequest):
            return  # it ended meanwhile

    def _groups(self) -> Mapping[str, Mapping[str, Any]]:
        try:
            reply = self._safe.api.list("identity/group/id")
        except refused.InvalidPath:
            reply = None
        found: Mapping[str, Mapping[str, Any]] = (reply or {}).get("data", {}).get("key_info", {})
        return found


def _placed_in(found: AbstractSet[str], pole: str | None) -> AbstractSet[str]:
    """The groups of clients of somebody who is in these groups now."""
    roles = frozenset(ROLES) & found
    return groups_for(roles, pole) | kept_groups(found, roles, pole)


def _check_roles(roles: frozenset[str]) -> None:
    for role in roles:
        _check_role(role)


def _check_role(role: str) -> str:
    if role not in ROLES:
        raise InvalidError(
            _("{role} is no role").format(role=repr(role)),
            hint=_("the roles are {names}").format(names=" ".join(ROLES)),
        )
    return role
