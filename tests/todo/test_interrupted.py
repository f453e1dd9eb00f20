"""Between any two lines of `opskit remind --send` it may be killed: nothing is sent twice."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from tests.licenses.ordering import requested
from tests.support.home import House
from tests.support.mail_server import LAST, PENSIVE, PostOffice
from tests.support.terminal import sit_before
from tests.todo.kitchen import Kitchen, address_of
from tests.todo.samples import item

PATIENCE = 20.0
REMIND = [sys.executable, "-m", "opskit", "remind", "--send"]


@pytest.fixture
def mailing_house(house: House, office: PostOffice) -> Iterator[House]:
    """Its settings name the mail server, for a command in a process of its own."""
    settings = house.home.settings_file
    before = settings.read_text("utf-8")
    settings.write_text(
        f'{before}mail_server = "127.0.0.1"\nmail_port = {office.port}\n'
        f'mail_from = "opskit@vendor.example"\nmail_ca_file = "{office.ca_file}"\n',
        "utf-8",
    )
    yield house
    settings.write_text(before, "utf-8")


def test_killed_before_the_outcome_was_recorded(
    mailing_house: House, kitchen: Kitchen, office: PostOffice
) -> None:
    house, number = mailing_house, requested(mailing_house)
    with address_of(kitchen, "bob", PENSIVE):
        with subprocess.Popen(REMIND, env=house.environment()) as sender:
            deadline = time.monotonic() + PATIENCE
            while not office.mails:
                assert time.monotonic() < deadline, "the mail did not arrive"
                time.sleep(0.02)
            meanwhile = house.done("remind", "--send")
            sender.kill()
        assert meanwhile.out == ""
        message_id = office.mails[0]["Message-ID"]
        doubt = f"unknown whether Bob Aubert got the message {message_id}; reminders in it: 1\n"
        assert doubt in meanwhile.err

        found = house.opskit("doctor")
        assert found.code == 8
        assert "interrupted: todo.remind staff/" in found.out
        assert house.done("remind", "--send", "--again").out == ""
        repaired = house.done("doctor", "--repair").out
        assert f"(Message-ID {message_id})" in repaired
        assert house.done("doctor").code == 0
        assert doubt in house.done("remind", "--send").err
        assert len(office.mails) == 1
    assert "unknown" in str(house.done("audit", "list", "--action", "todo", "--json").json[0])
    with address_of(kitchen, "bob", "bob@opskit.example"):
        assert house.done("remind", "--send", "--again").out == "Bob Aubert\t1\tsent\n"
    assert len(office.mails) == 2
    house.done("license", "withdraw", number)


def test_a_server_that_dies_in_between(kitchen: Kitchen, office: PostOffice) -> None:
    kitchen.items = [item("L1", person=login) for login in ("bob", "max", "nora")]
    with address_of(kitchen, "bob", LAST):
        half = kitchen.remind("--send")
    assert (half.code, len(office.mails)) == (7, 1)
    assert half.out == "Bob Aubert\t1\tsent\nMax Rey\t1\tfailed\nNora Weber\t1\tfailed\n"
    assert "messages that did not go out for certain: 2 of 3 (Max Rey, Nora Weber)\n" in half.err
    rows = kitchen.remind("--json").json
    assert [row["receiver"] for row in rows] == ["max", "nora"]


def test_what_went_out_and_could_not_be_recorded(kitchen: Kitchen, office: PostOffice) -> None:
    kitchen.items = [item("L1", person=login) for login in ("bob", "nora")]
    with no_more_events(kitchen.house):
        broken = kitchen.remind("--send")
    assert broken.code == 7
    assert "the reminder to Bob Aubert went out, but that could not be recorded" in broken.err
    assert len(office.mails) == 1  # nothing more is sent while nothing can be recorded
    kitchen.house.done("doctor", "--repair")
    assert kitchen.remind("--send").out == "Nora Weber\t1\tsent\n"
    assert len(office.mails) == 2


def test_a_login_that_is_refused_is_tried_once(kitchen: Kitchen, office: PostOffice) -> None:
    kitchen.items = [item("L1", person=login) for login in ("bob", "max")]
    with denied_by_the_server(kitchen, office):
        refused = kitchen.remind("--send", "--json")
    assert refused.code == 7
    assert [(row["outcome"], row["error"]) for row in refused.json] == [
        ("failed", "denied"),
        (None, "denied"),
    ]


def test_a_bar_on_a_terminal(mailing_house: House, office: PostOffice) -> None:
    number = requested(mailing_house)
    shown = sit_before(REMIND, mailing_house.environment(OPSKIT_LANGUAGE="en"))
    assert shown.code == 0
    assert "sending" in shown.text
    assert "Bob Aubert  1          \x1b[32msent\x1b[0m\n" in shown.text
    assert office.recipients == ["bob@opskit.example"]
    mailing_house.done("license", "withdraw", number)


@contextmanager
def no_more_events(house: House) -> Iterator[None]:
    """What stands in the log is kept, and nothing comes after it."""
    with closing(sqlite3.connect(house.home.database_file)) as database:
        database.execute("ALTER TABLE core_event RENAME TO aside")
        try:
            yield
        finally:
            database.execute("ALTER TABLE aside RENAME TO core_event")


@contextmanager
def denied_by_the_server(kitchen: Kitchen, office: PostOffice) -> Iterator[None]:
    """It takes mail from nobody who did not log in."""
    assert office.controller is not None
    options = office.controller.SMTP_kwargs
    options["auth_required"] = True
    try:
        yield
    finally:
        options["auth_required"] = False
