"""The anchors of licences, and the codes that lead to them, with keys in memory."""

from dataclasses import replace
from datetime import date

import pytest

from licenses.anchors import anchors, code_of
from licenses.emergency import CHAIN_LENGTH, days_granted, redeem
from licenses.errors import SelfVerificationError
from licenses.payload import LicensePayload
from licenses.refusals import LicenseRefusedError, Reason
from licenses.settings import emergency_days
from opskit.core.config import Settings
from opskit.core.errors import InvalidError
from tests.licenses.lifecycle import AT, KeyRing
from tests.licenses.samples import SAMPLE


class OtherRing(KeyRing):
    """A safe whose key for emergency codes is another one."""

    def hmacs(self, name: str, messages: object, key_version: int) -> list[bytes]:
        del name, messages, key_version
        return [bytes(32)]


def licence(signer: KeyRing, *, serial: int = 1042, days: int = 5) -> LicensePayload:
    return replace(SAMPLE, serial=serial, extensions=tuple(anchors(signer, [serial], days)))


def test_each_serial_has_its_own_anchor_and_keeps_it(signer: KeyRing) -> None:
    one, two = anchors(signer, [1042, 1043], 5)
    assert one != two
    assert anchors(signer, [1043], 5) == [two]
    assert anchors(signer, [], 5) == []
    assert days_granted(replace(SAMPLE, extensions=(one,))) == 5
    assert days_granted(SAMPLE) is None


@pytest.mark.parametrize("number", [1, 2, CHAIN_LENGTH])
def test_a_code_grants_its_days(signer: KeyRing, number: int) -> None:
    code, grant = code_of(signer, licence(signer, days=15), number, at=AT)
    assert (grant.number, grant.days, grant.last_day) == (number, 15, date(2026, 12, 9))
    assert redeem(licence(signer, days=15), code.reveal(), 0, AT) == grant
    assert code.reveal() not in repr(code) + str(code)


def test_a_replay_is_refused_and_a_skipped_code_too_once_a_later_one_was_used(
    signer: KeyRing,
) -> None:
    mine = licence(signer)
    first, third = (code_of(signer, mine, number, at=AT)[0].reveal() for number in (1, 3))
    assert redeem(mine, third, 0, AT).number == 3
    for replayed in (third, first):
        with pytest.raises(LicenseRefusedError) as caught:
            redeem(mine, replayed, 3, AT)
        assert caught.value.reason == Reason.EMERGENCY_REPLAY


def test_the_code_of_another_licence_is_wrong(signer: KeyRing) -> None:
    code, _grant = code_of(signer, licence(signer, serial=1043), 1, at=AT)
    with pytest.raises(LicenseRefusedError) as caught:
        redeem(licence(signer), code.reveal(), 0, AT)
    assert caught.value.reason == Reason.EMERGENCY_WRONG


def test_a_code_that_the_licence_would_not_take_is_not_given(signer: KeyRing) -> None:
    with pytest.raises(SelfVerificationError, match="L1042 was issued with another key"):
        code_of(OtherRing(), licence(signer), 1, at=AT)


@pytest.mark.parametrize("days", [1, 15])
def test_the_setting(days: int) -> None:
    assert emergency_days(Settings(emergency_days=days)) == days


@pytest.mark.parametrize("days", [0, 16, -1])
def test_the_setting_is_refused(days: int) -> None:
    with pytest.raises(InvalidError, match=f"1 to 15 days, not {days}"):
        emergency_days(Settings(emergency_days=days))
