"""The page in a real browser, opened from a file as a mail attachment is; `make browser`."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.browser import Browser, browser
from tests.support.home import House
from tests.support.intake import FACTS
from tests.vault.samples import put
from vault.facts import EntryFacts
from vault.ports import EntryStore

pytestmark = pytest.mark.browser

REF = "DELEZE/prod/intake-page"
PASSWORD = "pä$$ <w>\\n\"ord' & 🔑"
PRIVATE_KEY = "-----BEGIN KEY-----\n  abc\n-----END KEY-----\n"


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture(autouse=True)
def _quiet(window: Browser) -> Iterator[None]:
    """A page that asks for anything, or breaks its own policy, says so on the console."""
    window.complaints()
    yield
    assert window.complaints() == []


def a_page(house: House, folder: Path, ref: str, *options: str) -> Path:
    house.login("alice")
    out = folder / "form.html"
    house.done("vault", "intake", ref, "--out", out, *options)
    return out


@pytest.fixture
def known(house: House) -> str:
    """An entry that is in the safe."""
    facts = EntryFacts(
        "database", host="db.deleze.example", port=1521, username="SYSTEM", engine="oracle"
    )
    store = house.context().plug(EntryStore)
    if REF not in store.names():
        put(store, REF, "old", facts)
    return REF


def test_what_is_typed_comes_into_the_safe(
    house: House, window: Browser, known: str, tmp_path: Path
) -> None:
    window.open(a_page(house, tmp_path, known).as_uri())
    assert window.value("#host") == "db.deleze.example"
    window.type("#host", " db2.deleze.example ")
    window.type("#service", "ERPPROD")
    window.type("#password", "typed")
    window.run("document.getElementById('password').value = arguments[0]", PASSWORD)
    window.type("#note", "dès lundi")
    window.click("form button.main")
    window.wait_until_shown("#result")
    assert window.value("#password") == ""  # it does not stay on the screen
    block = window.value("#block")
    assert max(map(len, block.splitlines())) == 64
    result = house.done(
        "vault", "intake", known, "--accept", "-", "--yes", "--json", stdin=f"Bonjour\n{block}"
    )
    assert result.json["changed"] == ["host", "note", "password", "service"]
    shown = house.done("vault", "show", known, "--json").json
    assert (shown["host"], shown["service"]) == ("db2.deleze.example", "ERPPROD")
    assert house.done("vault", "get", known).out == PASSWORD + "\n"


def test_a_new_entry_with_a_key_of_several_lines(
    house: House, window: Browser, tmp_path: Path
) -> None:
    ref = "DELEZE/prod/intake-ssh"
    window.open(a_page(house, tmp_path, ref, "--kind", "ssh", "--lang", "de").as_uri())
    window.type("#host", "ssh.deleze.example")
    window.click("form button.main")
    assert "mindestens einen Zugang" in window.text("#problem")
    window.run("document.getElementById('private-key').value = arguments[0]", PRIVATE_KEY)
    window.click("form button.main")
    window.wait_until_shown("#result")
    house.done(*("vault", "intake", ref, "--accept", "-", "--yes"), stdin=window.value("#block"))
    found = house.done("vault", "get", ref, "--field", "private-key").out
    assert found == PRIVATE_KEY + "\n"


def test_what_cannot_be_is_refused_before_encrypting(
    house: House, window: Browser, known: str, tmp_path: Path
) -> None:
    window.open(a_page(house, tmp_path, known, "--lang", "en").as_uri())
    window.click("form button.main")
    assert window.text("#problem") == "Nothing is filled in or changed."
    window.type("#port", "99999")
    window.click("form button.main")
    assert window.text("#problem") == "The port is a number from 1 to 65535."
    assert not window.is_shown("#result")


def test_the_buttons(house: House, window: Browser, known: str, tmp_path: Path) -> None:
    window.open(a_page(house, tmp_path, known, "--lang", "en").as_uri())
    window.click("[data-shows=password]")
    assert window.run("return document.getElementById('password').type") == "text"
    window.type("#password", "new")
    window.click("form button.main")
    window.wait_until_shown("#result")
    window.click("#copy")
    deadline = time.monotonic() + 5
    while "Copied" not in window.text("#said") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert "Copied" in window.text("#said")
    window.click("#save")
    saved = window.downloads / "DELEZE-prod-intake-page.txt"
    while not saved.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert saved.read_text(encoding="utf-8") == window.value("#block")
    window.click("#again")
    assert window.is_shown("#host")
    assert not window.is_shown("#result")


def test_a_page_whose_time_is_over_encrypts_nothing(
    house: House, window: Browser, known: str, tmp_path: Path
) -> None:
    page = a_page(house, tmp_path, known, "--lang", "en")
    text = page.read_text(encoding="utf-8")
    found = FACTS.search(text)
    assert found
    old = re.sub(r'"until": "[0-9-]+"', '"until": "2020-01-01"', found[1])
    page.write_text(text.replace(found[1], old), encoding="utf-8")
    window.open(page.as_uri())
    assert window.text("#alarm") == "This page has expired. Please ask us for a new one."
    assert not window.is_shown("#form")


def test_a_script_of_somebody_else_does_not_run(
    house: House, window: Browser, known: str, tmp_path: Path
) -> None:
    page = a_page(house, tmp_path, known)
    text = page.read_text(encoding="utf-8")
    nasty = "<script>document.title = 'taken over'</script><img src='https://example.org/x'>"
    page.write_text(text.replace("</main>", f"{nasty}</main>"), encoding="utf-8")
    window.open(page.as_uri())
    assert "taken over" not in window.run("return document.title")
    complaints = window.complaints()
    assert len([each for each in complaints if "Content Security Policy" in each]) == 2
