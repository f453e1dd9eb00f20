"""Every refusal has a sentence, and every rule that a tool may skip a word."""

import pytest

from licenses.refusals import LicenseRefusedError, Reason
from licenses.validity import Standing
from licenses.verifier import authenticate, verify
from licenses.wording import refusal_in_words, rule_in_words, standing_in_words
from tests.licenses.samples import KEYS, NOW, SAMPLE, sign

FACTS = {"version": "12.5", "released_on": "2027-12-01", "site": "ELSEWHERE"}


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_a_sentence(reason: Reason) -> None:
    payload = authenticate(sign(SAMPLE), KEYS)
    said = refusal_in_words(LicenseRefusedError(reason, "detail", payload=payload), FACTS)
    assert said
    assert "None" not in said
    assert "{" not in said


def test_the_sentence_holds_what_was_signed_and_what_was_asked() -> None:
    ceiling = LicenseRefusedError(Reason.VERSION_ABOVE_CEILING, "", payload=SAMPLE)
    assert refusal_in_words(ceiling, FACTS) == "up to version 12.4, not 12.5"
    lapsed = LicenseRefusedError(Reason.MAINTENANCE_LAPSED, "", payload=SAMPLE)
    assert refusal_in_words(lapsed, FACTS) == (
        "maintenance until 2027-11-04, version 12.5 released on 2027-12-01"
    )


def test_every_rule_that_can_be_skipped_has_a_word() -> None:
    skipped = verify(sign(SAMPLE), KEYS, at=NOW).unchecked
    assert [rule_in_words(reason) for reason in skipped] == [
        "product",
        "kind",
        "site",
        "last sequence",
        "ERP version",
        "maintenance",
    ]


@pytest.mark.parametrize("standing", list(Standing))
def test_every_standing_has_words(standing: Standing) -> None:
    assert standing_in_words(standing)
