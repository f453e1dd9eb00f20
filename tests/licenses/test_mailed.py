"""opskit license deliver --mail, against a real mail server: what arrives, what is recorded."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.licenses.ordering import approved
from tests.support.home import House, copy_of
from tests.support.mail_server import (
    CUT_OFF,
    HOST,
    LATER,
    NOBODY,
    PENSIVE,
    PostOffice,
    post_office,
)
from tests.support.terminal import sit_before

CLIENT, CONTACT, ADDRESS = "BOSSHA", "Teuta Berger Scheidegger", "it@bossha.example"
PATIENCE = 20.0


@pytest.fixture(scope="module")
def house(house_pattern: House) -> Iterator[House]:
    with copy_of(house_pattern) as house:
        yield house


@pytest.fixture(scope="module")
def serial(house: House, tmp_path_factory: pytest.TempPathFactory) -> str:
    out = tmp_path_factory.mktemp("key") / "a.lic"
    return house.done("license", "issue", approved(house, CLIENT), "--out", out).out.strip()


@pytest.fixture
def office(house: House, tmp_path: Path) -> Iterator[PostOffice]:
    with post_office(tmp_path, "starttls") as office, _mail_goes_to(house, office):
        yield office


@contextmanager
def _mail_goes_to(house: House, office: PostOffice) -> Iterator[None]:
    settings = house.home.settings_file
    before = settings.read_text("utf-8")
    lines = {
        "mail_server": HOST,
        "mail_from": "licences@vendor.example",
        "mail_ca_file": office.ca_file,
        "support_name": "Customer Services",
    }
    more = "".join(f'{key} = "{text}"\n' for key, text in lines.items())
    settings.write_text(f"{before}mail_port = {office.port}\n{more}", "utf-8")
    try:
        yield
    finally:
        settings.write_text(before, "utf-8")


def deliveries(house: House, number: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = house.done("license", "show", number, "--json").json["deliveries"]
    return found


def actions(house: House, serial: str) -> list[str]:
    """What the event log says of its deliveries, the newest first."""
    events = house.done("audit", "list", "--client", CLIENT, "--json").json
    return [
        each["action"].removeprefix("license.")
        for each in events
        if each["subject"] == serial and "deliver" in each["action"]
    ]


def test_what_arrives_is_verified(
    house: House, serial: str, office: PostOffice, tmp_path: Path
) -> None:
    sent = house.done("license", "deliver", serial, "--mail", "--json").json
    (mail,) = office.mails
    assert office.recipients == [ADDRESS]
    assert str(mail["To"]) == f"{CONTACT} <{ADDRESS}>"
    assert str(mail["From"]) == "Customer Services <licences@vendor.example>"
    assert str(mail["Subject"]).startswith(f"Ihre Lizenz {serial}")
    names = [each.get_filename() for each in mail.iter_attachments()]
    assert names == [f"{serial}.lic", f"{serial}.pdf"]
    file, certificate = (each.get_content() for each in mail.iter_attachments())
    (tmp_path / "arrived.lic").write_bytes(file)
    verified = house.done("license", "verify", tmp_path / "arrived.lic", "--json").json
    assert (verified["number"], verified["untrue_headers"]) == (serial, [])
    assert certificate.startswith(b"%PDF-")
    assert sent == {
        "number": serial,
        "forms": ["file", "pdf"],
        "file": None,
        "received_by": ADDRESS,
        "mailed": True,
        "message_id": mail["Message-ID"],
    }


def test_a_mail_is_remembered(house: House, serial: str, office: PostOffice) -> None:
    house.done("license", "deliver", serial, "--mail", "--to", "Anna Kern <anna@client.example>")
    request = house.done("license", "show", serial, "--json").json["request"]
    newest = deliveries(house, request)[-1]
    assert newest.pop("delivered_at")
    assert newest.pop("delivered_by")
    assert newest == {
        "forms": ["file", "pdf"],
        "received_by": "anna@client.example",
        "mailed": True,
        "delivered_by_name": "alice",
    }
    said = "by alice: file, certificate to anna@client.example, by mail\n"
    assert said in house.done("license", "show", serial).out
    assert said in house.done("license", "show", request).out
    told = house.done("license", "history", CLIENT, "--json").json
    assert told[-1]["what"] == "file, certificate to anna@client.example, by mail"
    event = house.done("audit", "list", "--client", CLIENT, "--json").json[0]
    assert event["after"] == {"form": "file pdf", "message_id": office.mails[0]["Message-ID"]}
    assert "anna" not in str(office.mails[0]["Message-ID"])


def test_the_chosen_form_and_a_copy(
    house: House, serial: str, office: PostOffice, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.txt"
    words = ("license", "deliver", serial, "--mail", "--format", "typed", "--lang", "it")
    said = house.done(*words, "--out", copy).err
    (attached,) = office.mails[0].iter_attachments()
    assert said == f"{serial} was sent to {ADDRESS}: {serial}.txt\n"
    assert attached.get_content().encode() == copy.read_bytes()
    assert "La vostra licenza" in str(office.mails[0]["Subject"])


def test_a_dry_run_shows_the_letter(house: House, serial: str, office: PostOffice) -> None:
    before = actions(house, serial)
    request = house.done("license", "show", serial, "--json").json["request"]
    words = ("license", "deliver", request, "--mail", "--lang", "en", "--dry-run")
    shown = house.done(*words).out
    assert f"  Receiver  {CONTACT} <{ADDRESS}>\n" in shown
    assert f"  Attached  {serial}.lic, {serial}.pdf\n\nHello,\n" in shown
    row = house.done(*words, "--json").json
    assert row["attachments"] == [f"{serial}.lic", f"{serial}.pdf"]
    assert "Please find attached" in row["body"]
    assert office.mails == []
    assert actions(house, serial) == before


def test_a_person_reads_the_letter_first(house: House, serial: str, office: PostOffice) -> None:
    words = [sys.executable, "-m", "opskit", "license", "deliver", serial, "--mail"]
    refused = sit_before(words, house.environment(), answers=[("send it?", "n")])
    assert refused.code == 1
    assert f"{CONTACT} <{ADDRESS}>" in refused.text
    assert office.mails == []


@pytest.mark.parametrize(("address", "code"), [(NOBODY, 5), (LATER, 7)])
def test_a_refusal_is_recorded_without_the_address(
    house: House, serial: str, office: PostOffice, address: str, code: int
) -> None:
    before = deliveries(house, serial)
    refused = house.opskit("license", "deliver", serial, "--mail", "--to", address)
    assert (refused.code, office.mails) == (code, [])
    assert deliveries(house, serial) == before
    assert actions(house, serial)[0] == "delivery-failed"
    events = house.done("audit", "list", "--client", CLIENT, "--json").json
    assert address not in str(events)
    assert "interrupted" not in house.done("doctor").out


def test_a_lost_answer_is_recorded_as_unknown(
    house: House, serial: str, office: PostOffice
) -> None:
    before = deliveries(house, serial)
    lost = house.opskit("license", "deliver", serial, "--mail", "--to", CUT_OFF)
    assert lost.code == 7
    assert lost.err.startswith("error[mail-unconfirmed]: ")
    assert len(office.mails) == 1
    assert deliveries(house, serial) == before
    assert actions(house, serial)[0] == "delivery-unknown"
    message_id = office.mails[0]["Message-ID"]
    assert f"hint: look for {message_id} in the mail server's log" in lost.err
    assert unknown_mail(house) == message_id
    assert "interrupted" not in house.done("doctor").out


def test_killed_before_it_was_recorded(house: House, serial: str, office: PostOffice) -> None:
    """The mail server has the mail, the sender dies; nothing sends it a second time."""
    before = deliveries(house, serial)
    words = [sys.executable, "-m", "opskit", "license", "deliver", serial, "--mail"]
    with subprocess.Popen([*words, "--to", PENSIVE], env=house.environment()) as sender:
        deadline = time.monotonic() + PATIENCE
        while not office.mails:
            assert time.monotonic() < deadline, "the mail did not arrive"
            time.sleep(0.02)
        sender.kill()

    found = house.opskit("doctor")
    assert found.code == 8
    message_id = office.mails[0]["Message-ID"]
    said = f"unknown whether the mail with {serial} went out, Message-ID {message_id}"
    assert f"licenses: {said}" in found.out
    assert f"interrupted: license.mail {serial}, begun " in found.out
    repaired = house.done("doctor", "--repair").out
    assert message_id in repaired
    assert unknown_mail(house) == message_id
    assert f"to send it again: opskit license deliver {serial} --mail" in repaired
    assert house.done("doctor").code == 0
    assert len(office.mails) == 1
    assert deliveries(house, serial) == before
    assert actions(house, serial)[0] == "delivery-unknown"
    assert PENSIVE not in house.home.database_file.read_bytes().decode("latin-1")
    house.done("audit", "verify")


def test_what_went_out_and_could_not_be_recorded(
    house: House, serial: str, office: PostOffice
) -> None:
    with _no_table_of_deliveries(house):
        result = house.opskit("license", "deliver", serial, "--mail")
    assert result.code == 7
    assert f"the mail with {serial} went out, but that could not be recorded" in result.err
    assert len(office.mails) == 1
    assert house.opskit("doctor").code == 8
    house.done("doctor", "--repair")
    assert actions(house, serial)[0] == "delivery-unknown"


def unknown_mail(house: House) -> str:
    """The Message-ID of the last mail of which nobody knows whether it went out."""
    words = ("audit", "list", "--action", "license.delivery-unknown", "--json")
    return str(house.done(*words).json[0]["after"]["message_id"])


@contextmanager
def _no_table_of_deliveries(house: House) -> Iterator[None]:
    with closing(sqlite3.connect(house.home.database_file)) as database:
        database.execute("ALTER TABLE licenses_delivery RENAME TO aside")
        try:
            yield
        finally:
            database.execute("ALTER TABLE aside RENAME TO licenses_delivery")


def test_a_licence_that_was_replaced_is_not_sent_unnoticed(
    house: House, office: PostOffice, tmp_path: Path
) -> None:
    def issued(site: str, file: str) -> str:
        number = approved(house, CLIENT, site=site)
        return house.done("license", "issue", number, "--out", tmp_path / file).out.strip()

    old, new = issued("B", "old.lic"), issued("B", "new.lic")
    said = house.done("license", "deliver", old, "--mail", "--dry-run").err
    assert said == f"warning: {old} was replaced by {new}\n"
    assert house.done("license", "deliver", new, "--mail", "--dry-run").err == ""
    assert office.mails == []


def test_what_cannot_be_mailed(house: House, serial: str, office: PostOffice) -> None:
    deliver = ("license", "deliver", serial)
    assert house.opskit(*deliver).code == 2
    assert house.opskit(*deliver, "--out", "x", "--dry-run").code == 2
    assert house.opskit(*deliver, "--mail", "--to", "Noah Beguin").code == 5
    assert house.opskit(*deliver, "--mail", "--to", "A <a@b.ch>, B <b@b.ch>").code == 5
    there = office.ca_file
    assert house.opskit(*deliver, "--mail", "--out", there).code == 4
    assert office.mails == []


def test_without_a_mail_server_nothing_begins(house: House, serial: str) -> None:
    refused = house.opskit("license", "deliver", serial, "--mail")
    assert refused.code == 3
    assert "mail_server is not set" in refused.err
    assert "interrupted" not in house.done("doctor").out
