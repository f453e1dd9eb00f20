from datetime import date

import pytest

from opskit.checklists.checks import CheckSubject, Finding, Verdict, ask, missing, together
from opskit.core.errors import NotFoundError, UnavailableError

ABOUT = CheckSubject("DELEZE", {"version": "12.4"}, date(2027, 1, 20), date(2027, 1, 4))


def test_a_check_is_told_what_it_is_about() -> None:
    def check(about: CheckSubject) -> Finding:
        return Finding(Verdict.OK, f"{about.subject} {about.facts['version']} {about.on}")

    assert ask(check, ABOUT).proof == "DELEZE 12.4 2027-01-04"


def test_a_check_that_knows_why_it_failed_says_so() -> None:
    def check(_about: CheckSubject) -> Finding:
        raise NotFoundError("there is no client GONE", hint="opskit client list")

    assert ask(check, ABOUT) == Finding(Verdict.FAILED, "there is no client GONE")


def test_a_register_that_is_away_proves_nothing() -> None:
    away = UnavailableError("the safe is sealed", hint="opskit local start")

    def check(_about: CheckSubject) -> Finding:
        raise away

    assert ask(check, ABOUT) == Finding(Verdict.UNKNOWN, "the safe is sealed", away=away)


def test_of_an_unforeseen_error_only_the_class_is_told() -> None:
    def check(_about: CheckSubject) -> Finding:
        raise ValueError("s3cret")

    assert ask(check, ABOUT) == Finding(Verdict.FAILED, "the check broke: ValueError")


def test_a_person_can_still_stop_the_program() -> None:
    def check(_about: CheckSubject) -> Finding:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask(check, ABOUT)


def test_a_check_that_nobody_plugged_in_is_unknown() -> None:
    assert missing("safe.ready") == Finding(Verdict.UNKNOWN, "there is no check safe.ready here")


OK = Finding(Verdict.OK, "good", date(2027, 3, 31))
ALSO_OK = Finding(Verdict.OK, "fine", date(2027, 2, 28))
ENDLESS = Finding(Verdict.OK, "for ever")
RED = Finding(Verdict.FAILED, "lapsed")
DOUBTFUL = Finding(Verdict.UNKNOWN, "no answer")


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([OK], OK),
        ([OK, ENDLESS, ALSO_OK], Finding(Verdict.OK, "good; for ever; fine", date(2027, 2, 28))),
        ([OK, RED, DOUBTFUL], Finding(Verdict.FAILED, "lapsed", date(2027, 3, 31))),
        ([ENDLESS, DOUBTFUL], Finding(Verdict.UNKNOWN, "no answer")),
        ([RED, RED], Finding(Verdict.FAILED, "lapsed; lapsed")),
    ],
)
def test_several_findings_make_one(findings: list[Finding], expected: Finding) -> None:
    assert together(findings) == expected
