"""Which implementation stands behind each port; a table of names, so that nothing loads early."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from opskit.wiring.house import House
from opskit.wiring.onboarding_plugs import ONBOARDING_PLUGS

if TYPE_CHECKING:
    from opskit.audit.ports import ConfidentialLists
    from opskit.checklists.ports import CheckSource, People
    from opskit.checklists.template_tools.ports import ClientDirectory, ShippedTemplates
    from opskit.clients.ports import ClientPanels, ClientRights
    from opskit.core.business_days import CalendarSource
    from opskit.core.second_signer import SecondSigner
    from opskit.core.signing import KeyKeeper, KeyTrust, Signer
    from opskit.core.signings import SigningLog
    from opskit.core.todo import TodoSources
    from opskit.local.ports import AdminLogin
    from opskit.patches.ports import LicenseRegister, Safe
    from opskit.staff.ports import Accounts
    from vault.accounting.ports import Inventory
    from vault.breakglass.held import HeldRequests
    from vault.breakglass.ports import GuardedReader, GuardedStore, SecondPerson
    from vault.intake.ports import IntakeKey
    from vault.ports import DatabaseEngine, EntryReader, EntryStore, Provisioner, TokenStore


def _entry_reader(house: House) -> "EntryReader":
    from vault.store.lean_store import LeanReader, open_http

    return LeanReader(open_http(house.login.connection, house.login.tokens.load()))


def _entry_store(house: House) -> "EntryStore":
    from vault.store.hvac_store import HvacStore

    return HvacStore(house.safe)


def _intake_key(house: House) -> "IntakeKey":
    from vault.intake.transit import TransitIntakeKey

    return TransitIntakeKey(house.safe)


def _inventory(house: House) -> "Inventory":
    from vault.accounting.inventory import SafeInventory

    return SafeInventory(house.safe)


def _guarded_reader(house: House) -> "GuardedReader":
    from vault.store.lean_store import LeanReader, open_http
    from vault.store.metadata import GUARDED

    http = open_http(house.login.connection, house.login.tokens.load())
    return LeanReader(http, mount=GUARDED)


def _guarded_store(house: House) -> "GuardedStore":
    from vault.store.hvac_store import HvacStore
    from vault.store.metadata import GUARDED

    return HvacStore(house.safe, mount=GUARDED)


def _second_person(house: House) -> "SecondPerson":
    from vault.breakglass.control_groups import ControlGroups

    return ControlGroups(house.login.connection, house.login.tokens.load())


def _provisioner(house: House) -> "Provisioner":
    from vault.provisioning.client_rights import read_directory
    from vault.provisioning.provision import VaultProvisioner

    with house.snapshot() as session:
        directory = read_directory(session)
    second_signer = house.settings.license_second_signer
    return VaultProvisioner(house.safe, directory=directory, second_signer=second_signer)


def _client_rights(house: House) -> "ClientRights":
    from vault.provisioning.client_rights import VaultClientRights

    return VaultClientRights(lambda: house.safe)


def _database_engine(house: House) -> "DatabaseEngine":
    from vault.provisioning.database_engine import VaultDatabaseEngine

    return VaultDatabaseEngine(house.safe)


def _accounts(house: House) -> "Accounts":
    from opskit.wiring.late import late
    from vault.provisioning.accounts import VaultAccounts

    return late(lambda: VaultAccounts(house.safe))


def _signer(house: House) -> "Signer":
    from vault.countersigning.waiting import Attempt
    from vault.login.tokens import open_access_store
    from vault.store.transit import Transit

    def store_of(name: str) -> "TokenStore":
        return open_access_store(house.home, house.settings, name)

    held = _held_signatures(house)
    return Transit(house.safe, attempt=lambda: Attempt(held, store_of, house.now))


def _second_signer(house: House) -> "SecondSigner":
    from vault.countersigning.requests import SigningRequests

    wanted = house.settings.license_second_signer
    return SigningRequests(_held_signatures(house), is_wanted=wanted)


def _signing_log(house: House) -> "SigningLog":
    from vault.accounting.signings import ServerLog
    from vault.store.lean_store import open_http

    http = open_http(house.login.connection, house.login.tokens.load())
    return ServerLog(house.home, house.settings, http)


def _held_signatures(house: House) -> "HeldRequests":
    from vault.breakglass.held import HeldRequests

    issuers = ("license-issuer",)
    return HeldRequests(
        house.login.connection, house.login.tokens.load(), askers=issuers, approvers=issuers
    )


def _key_keeper(house: House) -> "KeyKeeper":
    from vault.store.key_keeper import TransitKeeper

    return TransitKeeper(house.safe)


def _key_trust(house: House) -> "KeyTrust":
    from vault.store.key_trust import TransitTrust

    return TransitTrust(house.safe)


def _admin_login(house: House) -> "AdminLogin":
    from opskit.wiring.bridges import AdminLogin

    return AdminLogin(house)


def _client_panels(house: House) -> "ClientPanels":
    from licenses.panel import LicensePanel
    from opskit.clients.ports import ClientPanels
    from opskit.patches.panel import PatchPanel
    from vault.panel import EntryPanel

    return ClientPanels(
        (EntryPanel(lambda: _entry_store(house)), LicensePanel(), PatchPanel(house.now))
    )


def _todo_sources(house: House) -> "TodoSources":
    from licenses.todo import LicenseTodo
    from onboarding.access.todo import GrowingTodo
    from onboarding.leaving.todo import LeavingTodo
    from onboarding.reviews.todo import ReviewTodo
    from onboarding.todo import OnboardingTodo
    from opskit.checklists.todo import ChecklistTodo
    from opskit.core.todo import TodoSources
    from opskit.patches.todo import PatchTodo
    from vault.todo import AccessTodo, RotationTodo

    run = house.context()
    of_runs = PatchTodo(), OnboardingTodo(), GrowingTodo(house.home), LeavingTodo(), ChecklistTodo()
    reviews = ReviewTodo()
    return TodoSources((LicenseTodo(), *of_runs, reviews, AccessTodo(run), RotationTodo(run)))


def _license_register(house: House) -> "LicenseRegister":
    from opskit.wiring.bridges import RegisterForPatches

    return RegisterForPatches(house)


def _safe_for_patches(house: House) -> "Safe":
    from opskit.wiring.bridges import SafeForPatches

    return SafeForPatches(house)


def _check_source(house: House) -> "CheckSource":
    from opskit.core.business_days import CalendarSource
    from opskit.patches.checks import PatchChecks, Registers

    def registers() -> Registers:
        _ = house.engine, house.identity  # opened once, before the checks ask side by side
        return Registers(
            snapshot=house.snapshot,
            licenses=_license_register(house),
            safe=_safe_for_patches(house),
            calendars=house.plug(CalendarSource),
            checked_days=house.settings.safe_checked_days,
            rotated_days=house.settings.safe_rotated_days,
        )

    return PatchChecks(registers)


def _calendar_source(house: House) -> "CalendarSource":
    from opskit.calendar.services import RecordedCalendar

    del house
    return RecordedCalendar()


def _people(house: House) -> "People":
    from opskit.wiring.bridges import PeopleOfTheTeam

    del house
    return PeopleOfTheTeam()


def _confidential_lists(house: House) -> "ConfidentialLists":
    from opskit.wiring.bridges import ListsForTheLog

    del house
    return ListsForTheLog()


def _shipped_templates(house: House) -> "ShippedTemplates":
    from opskit.wiring.template_sources import TemplatesOfTheHouse

    del house
    return TemplatesOfTheHouse()


def _client_directory(house: House) -> "ClientDirectory":
    from opskit.wiring.template_sources import ClientsForTemplates

    del house
    return ClientsForTemplates()


PLUGS: Mapping[str, Callable[[House], object]] = {
    "sqlalchemy.engine.base:Engine": lambda house: house.engine,
    "vault.ports:Login": lambda house: house.login,
    "vault.ports:LoginTokens": lambda house: house.tokens,
    "vault.ports:LastIdentity": lambda house: house.last_identity,
    "vault.ports:EntryReader": _entry_reader,
    "vault.ports:EntryStore": _entry_store,
    "vault.intake.ports:IntakeKey": _intake_key,
    "vault.accounting.ports:Inventory": _inventory,
    "vault.breakglass.ports:GuardedReader": _guarded_reader,
    "vault.breakglass.ports:GuardedStore": _guarded_store,
    "vault.breakglass.ports:SecondPerson": _second_person,
    "vault.ports:Provisioner": _provisioner,
    "vault.ports:DatabaseEngine": _database_engine,
    "vault.ports:DatabaseLogins": lambda house: house.database_logins,
    "opskit.core.signing:Signer": _signer,
    "opskit.core.signing:KeyTrust": _key_trust,
    "opskit.core.signing:KeyKeeper": _key_keeper,
    "opskit.core.second_signer:SecondSigner": _second_signer,
    "opskit.core.signings:SigningLog": _signing_log,
    "opskit.core.todo:TodoSources": _todo_sources,
    "opskit.core.business_days:CalendarSource": _calendar_source,
    "opskit.staff.ports:Accounts": _accounts,
    **ONBOARDING_PLUGS,
    "opskit.local.ports:AdminLogin": _admin_login,
    "opskit.clients.ports:ClientPanels": _client_panels,
    "opskit.clients.ports:ClientRights": _client_rights,
    "opskit.checklists.ports:CheckSource": _check_source,
    "opskit.checklists.template_tools.ports:ClientDirectory": _client_directory,
    "opskit.checklists.template_tools.ports:ShippedTemplates": _shipped_templates,
    "opskit.checklists.ports:People": _people,
    "opskit.audit.ports:ConfidentialLists": _confidential_lists,
    "opskit.patches.ports:LicenseRegister": _license_register,
    "opskit.patches.ports:Safe": _safe_for_patches,
}
