"""opskit remind, against a real mail server: who hears of what, and of each thing once."""

import pytest

from opskit.core.identity import Identity
from tests.support.home import Result
from tests.support.mail_server import CUT_OFF, NOBODY, PostOffice
from tests.todo.kitchen import Kitchen, address_of
from tests.todo.samples import DAY, TODAY, item

MAX = """\
Bonjour Max Rey,

Le 24.11.2026, ceci vous attend\u00a0:

À VENIR
- BOVETD, L2\u00a0: à renouveler (pour le 25.11.2026)
  opskit see L2

Chaque rappel n'est envoyé qu'une fois. La liste entière\u00a0: opskit todo --person me
"""


@pytest.fixture(autouse=True)
def _three_people_have_something(kitchen: Kitchen) -> None:
    kitchen.items = [
        item("L1", TODAY - DAY, role="sales", client="KUHNCO"),
        item("L2", TODAY + DAY, role="sales", client="BOVETD"),
        item("P7", TODAY, what="16. Backup proven", person="bob", client="KUHNCO"),
        item("L3", TODAY + 20 * DAY, role="sales", client="KUHNCO"),
    ]


def test_without_send_it_is_only_shown(kitchen: Kitchen, office: PostOffice) -> None:
    assert kitchen.remind() == Result(
        0,
        "bob\tdue-soon\t2026-11-24\tP7\tKUHNCO\t16. Backup proven\topskit see P7\n"
        "max\tdue-soon\t2026-11-25\tL2\tBOVETD\tto renew\topskit see L2\n"
        "nora\tlate\t2026-11-23\tL1\tKUHNCO\tto renew\topskit see L1\n",
        "nothing was sent: opskit remind --send does it\n",
    )
    assert kitchen.remind("--dry-run").code == 0
    assert office.mails == []
    assert "todo." not in str(kitchen.house.done("audit", "list", "--json").json)


def test_everybody_gets_one_message_and_each_thing_once(
    kitchen: Kitchen, office: PostOffice
) -> None:
    assert kitchen.remind("--send") == Result(
        0, "Bob Aubert\t1\tsent\nMax Rey\t1\tsent\nNora Weber\t1\tsent\n", ""
    )
    assert office.recipients == [f"{login}@opskit.example" for login in ("bob", "max", "nora")]
    to_max = office.mails[1]
    assert str(to_max["To"]) == "Max Rey <max@opskit.example>"
    assert str(to_max["From"]) == "Customer Services <opskit@vendor.example>"
    assert str(to_max["Subject"]) == "À faire\u00a0: 1"
    assert to_max.get_content().replace("\r\n", "\n") == MAX
    assert str(office.mails[2]["Subject"]) == "To do: 1, 1 late"
    assert str(office.mails[0]["Subject"]) == "Zu tun: 1"

    assert kitchen.remind("--send") == Result(0, "", "nothing to send\nreminders sent before: 3\n")
    assert len(office.mails) == 3
    kitchen.items.append(item("L9", person="nora"))
    kitchen.days_go_by(1)
    assert kitchen.remind("--send").out == "Bob Aubert\t1\tsent\nNora Weber\t1\tsent\n"
    assert "- L9: to renew" in office.mails[4].get_content()
    assert "L1" not in office.mails[4].get_content()


def test_what_the_log_keeps_of_it(kitchen: Kitchen, office: PostOffice) -> None:
    kitchen.items = [item("L20", person="nora"), item("L21", person="nora")]
    (row,) = kitchen.remind("--send", "--json").json
    message_id = row.pop("message_id")
    assert message_id == str(office.mails[0]["Message-ID"])
    assert row == {
        "receiver": "nora",
        "name": "Nora Weber",
        "address": "nora@opskit.example",
        "reminders": 2,
        "outcome": "sent",
        "error": None,
    }
    event = kitchen.house.done("audit", "list", "--action", "todo", "--json").json[0]
    assert event["action"] == "todo.reminded"
    assert event["after"] == {"channel": "mail", "message_id": message_id, "count": 2}
    kitchen.house.done("audit", "verify")


def test_narrowed_down(kitchen: Kitchen, office: PostOffice) -> None:
    def told(*words: str) -> list[str]:
        rows = kitchen.remind(*words, "--json").json
        return [each["subject"] for row in rows for each in row["reminders"]]

    kitchen.items = [item(f"M{n}", TODAY + n * DAY, role="sales") for n in (-1, 1, 9)]
    kitchen.items += [item("M5", TODAY - DAY, person="nora")]
    assert told("--person", "weber") == ["M-1", "M5", "M1"]
    assert told("--late") == ["M-1", "M-1", "M5"]
    assert told("--within", "2w", "--person", "max") == ["M-1", "M1", "M9"]
    assert told("--pole", "logistics") == ["M5"]
    assert office.mails == []


def test_the_others_go_on_and_what_failed_is_tried_again(
    kitchen: Kitchen, office: PostOffice
) -> None:
    kitchen.house.done("user", "show", "bob")
    kitchen.items = [item("N1", person="bob"), item("N2", person="max"), item("N3", person="nora")]
    with address_of(kitchen, "max", NOBODY):
        failed = kitchen.remind("--send")
        assert failed.code == 7
        assert failed.out == "Bob Aubert\t1\tsent\nMax Rey\t1\tfailed\nNora Weber\t1\tsent\n"
        place = f"127.0.0.1:{office.port}"
        assert failed.err == (
            f"Max Rey: the mail server {place} does not deliver to {NOBODY}: "
            "550 5.1.1 no such mailbox\n"
            "error[reminders-failed]: messages that did not go out for certain: 1 of 3 (Max Rey)\n"
            "hint: mend what is said above; what failed goes out with opskit remind --send\n"
        )
    events = kitchen.house.done("audit", "list", "--action", "todo", "--json").json
    assert events[1]["action"] == "todo.reminder-failed"
    assert events[1]["after"]["error"] == "invalid"
    assert NOBODY not in str(events)

    assert kitchen.remind("--send").out == "Max Rey\t1\tsent\n"
    assert office.recipients[-1] == "max@opskit.example"
    assert len(office.mails) == 3


def test_whoever_has_no_address_is_named(kitchen: Kitchen, office: PostOffice) -> None:
    kitchen.items = [item("O1", person="max"), item("O2", person="nora")]
    with address_of(kitchen, "max", ""):
        assert kitchen.remind().err.startswith("Max Rey has no mail address\n")
        failed = kitchen.remind("--send")
    assert (failed.code, failed.out) == (7, "Max Rey\t1\tfailed\nNora Weber\t1\tsent\n")
    assert "Max Rey: Max Rey has no mail address\n" in failed.err


def test_an_answer_that_got_lost_is_told_and_not_repeated(
    kitchen: Kitchen, office: PostOffice
) -> None:
    kitchen.items = [item("Q1", person="max"), item("Q2", person="nora")]
    with address_of(kitchen, "max", CUT_OFF):
        lost = kitchen.remind("--send")
        assert (lost.code, lost.out) == (7, "Max Rey\t1\tunknown\nNora Weber\t1\tsent\n")
        assert len(office.mails) == 2
        message_id = office.mails[0]["Message-ID"]
        again = kitchen.remind("--send")
        assert (again.code, again.out) == (0, "")
        assert again.err == (
            "nothing to send\n"
            "reminders sent before: 1\n"
            f"unknown whether Max Rey got the message {message_id}; reminders in it: 1\n"
            "after a crash: opskit doctor --repair; "
            "to send again: opskit remind --send --again\n"
        )
        assert len(office.mails) == 2
    assert kitchen.remind("--send", "--again").out == "Max Rey\t1\tsent\n"


def test_what_nobody_would_hear_of_is_told(kitchen: Kitchen, office: PostOffice) -> None:
    kitchen.items = [item("S1", role="mentor"), item("S2", role="mentor"), item("S3", person="eve")]
    assert kitchen.remind() == Result(
        0,
        "",
        "nothing to send\n"
        "nobody is told what waits for eve: 1\n"
        "nobody is told what waits for mentor: 2\n",
    )
    assert office.mails == []


def test_what_is_nobodys_job_goes_to_who_has_the_role_and_to_an_admin_last(
    kitchen: Kitchen,
) -> None:
    kitchen.items = [item("S4", role="license-issuer"), item("S5", role="safe-keeper")]
    rows = kitchen.remind("--json").json
    assert [(row["receiver"], row["reminders"][0]["subject"]) for row in rows] == [
        ("bob", "S4"),
        ("alice", "S5"),
    ]


def test_without_a_mail_server_nothing_begins(kitchen: Kitchen) -> None:
    refused = kitchen.remind("--send")
    assert refused.code == 3
    assert refused.err.startswith("error[not-found]: no mail can be sent: mail_server is not set\n")
    assert kitchen.remind("--via", "pigeon").code == 5


def test_an_auditor_sends_nothing(kitchen: Kitchen, office: PostOffice) -> None:
    kitchen.actor = Identity("e-ann", "ann", frozenset({"auditor"}))
    assert kitchen.remind("--send").code == 6
    assert office.mails == []
