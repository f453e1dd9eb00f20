"""What a kit signs: temporary, short, and never more than the client has."""

from datetime import date, timedelta

import pytest

from licenses.errors import UnknownKeyError
from licenses.offline.evidence import message_of
from licenses.offline.issuing import SEQUENCE_MARGIN, Moment, issue
from licenses.offline.journal import Entry
from licenses.offline.kit import key_set
from licenses.offline.numbering import FIRST_SERIAL
from licenses.payload import LicenseKind
from licenses.verifier import Standing, verify
from opskit.core.errors import ConflictError, InvalidError, NotFoundError
from opskit.core.refs import TicketKey
from tests.licenses.lifecycle import CATALOG
from tests.licenses.offline.kits import (
    ANNA,
    AT,
    BEAT,
    BOUND,
    KNOWING,
    LABEL,
    NOW,
    TODAY,
    UNBOUND,
    issued,
    kit_client,
    kit_of,
    wish,
)
from tests.licenses.samples import SAMPLE, SITE


def test_the_clients_licence_for_two_weeks() -> None:
    entry = issued()
    payload = entry.payload
    assert (payload.kind, payload.key_id) == (LicenseKind.TEMPORARY, 121)
    assert (payload.valid_from, payload.last_day) == (TODAY, TODAY + timedelta(days=14))
    assert (payload.issued_on, payload.grace_days) == (AT.date(), 0)
    assert payload.client_number == 20000
    assert payload.modules == KNOWING.module_bits(("FIN", "AP", "AR"))
    same = ("product", "edition", "named_users", "concurrent_users", "maintenance_until")
    for field in (*same, "version_ceiling", "site"):
        assert getattr(payload, field) == getattr(SAMPLE, field)
    assert payload.extensions == ()
    assert FIRST_SERIAL <= payload.serial <= 0xFFFF_FFFF


def test_the_product_takes_it() -> None:
    verified = verify(issued().signed, key_set(LABEL), at=AT, site=SITE, product=1)
    assert verified.standing is Standing.VALID


def test_what_the_journal_will_keep() -> None:
    entry = issued(ticket=TicketKey("CS-7"), reason="  server room flooded ")
    assert (entry.kit, entry.client, entry.site) == (1, "DELEZE", SITE)
    assert [each.entity_id for each in entry.holders] == [ANNA, BEAT]
    assert (entry.at, entry.reason, entry.ticket) == (AT, "server room flooded", "CS-7")
    key = key_set(LABEL).keys[0]
    assert key.accepts(entry.evidence, message_of(first=ANNA, second=BEAT, body=entry.body))
    assert not key.accepts(entry.evidence, message_of(first=BEAT, second=ANNA, body=entry.body))


def test_only_some_modules() -> None:
    assert issued(modules="ap fin").payload.modules == KNOWING.module_bits(("FIN", "AP"))


def test_no_module_beyond() -> None:
    with pytest.raises(InvalidError, match="L1042 does not have HRM") as caught:
        issued(modules="FIN HRM")
    assert caught.value.hint == "a kit gives what the client has: FIN AP AR"


@pytest.mark.parametrize("days", [1, 31])
def test_as_many_days(days: int) -> None:
    assert issued(days=days).payload.last_day == TODAY + timedelta(days=days)


@pytest.mark.parametrize("days", [-1, 0, 32, 100_000_000])
def test_not_as_many(days: int) -> None:
    with pytest.raises(InvalidError, match=f"--days: {days} is not between 1 and 31"):
        issued(days=days)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_a_reason_is_needed(reason: str) -> None:
    with pytest.raises(InvalidError, match="--reason: empty, or longer than 500"):
        issued(reason=reason)


def test_sequences_stay_clear_of_the_safes() -> None:
    """And of what this kit issued before, whatever chance gives."""
    entries: list[Entry] = []
    for _again in range(50):
        entries.append(issued(*entries))
    sequences = [entry.payload.sequence for entry in entries]
    assert sequences == sorted(set(sequences))
    assert 4 + SEQUENCE_MARGIN <= sequences[0] < 4 + 2 * SEQUENCE_MARGIN
    assert len({entry.payload.serial for entry in entries}) == 50


def test_two_copies_of_a_kit_seldom_draw_the_same() -> None:
    assert len({issued().payload.sequence for _copy in range(40)}) > 10


def test_another_clients_licences_do_not_count() -> None:
    other = issued(
        kit=kit_of(kit_client(code="BERNAS", number=20001, sequence=9000)), target="BERNAS"
    )
    assert other.payload.sequence > 9000
    assert issued(other).payload.sequence < 1000


def test_the_last_sequence_of_all() -> None:
    with pytest.raises(InvalidError):
        issued(kit=kit_of(kit_client(sequence=0xFFFF)))


def test_a_client_that_the_kit_does_not_know() -> None:
    with pytest.raises(NotFoundError, match="no production licence of DELEZZ") as caught:
        issued(target="DELEZZ")
    assert caught.value.hint == "did you mean DELEZE?"


def test_several_licences_are_told_apart_by_number() -> None:
    kit = kit_of(kit_client(licenses=(BOUND, UNBOUND)))
    with pytest.raises(ConflictError, match=r"L1042 \(site ERP-PROD-7\), L1043 \(site any\)"):
        issued(kit=kit)
    assert issued(kit=kit, target="l1043").payload.site == bytes(8)
    assert issued(kit=kit, target="L1042").site == SITE


def test_an_erp_that_does_not_know_the_kits_key() -> None:
    kit = kit_of(catalog=CATALOG)
    with pytest.raises(
        UnknownKeyError, match=r"ERP 11\.9 knows the keys 1 101 111 129, and not 121"
    ):
        issued(kit=kit)


def test_an_erp_that_was_updated_since() -> None:
    old = kit_client(erp_version="0.1")
    knowing_from_now = kit_of(old)
    assert issued(kit=knowing_from_now, erp_version="12.4").payload.key_id == 121


def test_the_day_of_the_office_not_of_utc() -> None:
    late = Moment(AT, date(2026, 12, 3))
    entry = issue(kit_of(), wish(days=1), before=(), now=late)
    assert entry.payload.valid_from == date(2026, 12, 3)
    assert NOW.today < entry.payload.valid_from
