"""Kits are made while the safe is up: by an admin, for two people, one key each."""

import json
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from licenses.health import examine
from licenses.offline import kitfile
from licenses.offline.making import next_number
from licenses.offline.numbering import KITS, kit_key
from opskit.core.errors import ConflictError
from opskit.core.intents import open_intents
from opskit.core.signing import KeyOutOfUseError, KeyTrust, Signer
from tests.licenses.lifecycle import key_ring
from tests.licenses.offline.conftest import SECRETS, Keepers
from tests.licenses.ordering import approved
from tests.support.faults import detour
from tests.support.home import House, Result
from tests.support.lesser_server import HangUpError
from tests.support.terminal import sit_before


def create(keepers: Keepers, out: Path, *words: object, as_user: str = "alice") -> Result:
    command = ("license", "kit", "create", "--first", "alice", "--second", "bob", "--out", out)
    return keepers.house.opskit(*command, *keepers.secrets, *words, as_user=as_user)


def interrupted(house: House) -> list[str]:
    with house.context().snapshot() as session:
        return [each.subject for each in open_intents(session)]


def test_the_safe_vouches_and_cannot_sign(keepers: Keepers) -> None:
    signer = keepers.house.context().plug(Signer)
    name = kit_key(1).name
    assert signer.public_keys(name) == {1: kitfile.read(keepers.kit).label.public_key}
    assert signer.key_facts(name).signs_from is None
    with pytest.raises(KeyOutOfUseError):
        signer.sign(name, b"x", 1)
    with pytest.raises(ConflictError, match=f"the safe has a key {name} already"):
        keepers.house.context().plug(KeyTrust).trust(name, bytes(32))
    assert stat.S_IMODE(keepers.kit.stat().st_mode) == 0o600


def test_everybody_verifies_with_it(keepers: Keepers) -> None:
    keys = json.loads(keepers.house.home.public_keys_file.read_text())["keys"]
    kinds = {key["key_id"]: key["kinds"] for key in keys}
    assert kinds[121] == ["temporary"]


def test_the_list(keepers: Keepers) -> None:
    (first, *_others) = keepers.house.done("license", "kit", "list", "--json").json
    assert first.pop("made_on")
    assert first.pop("filled_on")
    assert first.pop("licenses") >= 1
    assert first == {"kit": 1, "key_id": 121, "holders": ["alice", "bob"]}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--second", "alice"), 4, "a kit takes two people, and alice is one"),
        (("--second", "nobody"), 3, "nobody"),
        (("--second-secret-file", "FIRST"), 5, "both passphrases are the same"),
        (("--first-secret-file", "WEAK"), 5, "the passphrase of alice is too short: 5 characters"),
    ],
)
def test_what_makes_no_kit(
    keepers: Keepers, tmp_path: Path, words: tuple[str, str], code: int, said: str
) -> None:
    (tmp_path / "weak").write_text("short")
    files = {"FIRST": keepers.folder / "first", "WEAK": tmp_path / "weak"}
    out = tmp_path / "kit"
    result = create(keepers, out, words[0], files.get(words[1], words[1]))
    assert (result.code, result.out) == (code, "")
    assert said in result.err
    assert not out.exists()
    assert next_number(keepers.house.context().plug(Signer)) == 2


def test_only_an_admin_makes_and_fills_them(keepers: Keepers, tmp_path: Path) -> None:
    kit = keepers.copy(tmp_path)
    assert create(keepers, tmp_path / "kit", as_user="bob").code == 6
    assert keepers.house.opskit("license", "kit", "refresh", kit, *keepers.secrets).code == 6


def test_a_refreshed_kit_has_the_new_licences(keepers: Keepers, tmp_path: Path) -> None:
    house, kit = keepers.house, keepers.copy(tmp_path)
    old = kitfile.read(kit)
    number = approved(house, "KUHNCO")
    house.done("license", "issue", number, "--out", tmp_path / "b.lic", as_user="bob")
    assert keepers.issue(kit, tmp_path / "t.lic", target="KUHNCO").code == 3
    house.done("license", "kit", "refresh", kit, *keepers.secrets, as_user="alice")
    new = kitfile.read(kit)
    assert (new.label.number, new.label.public_key) == (1, old.label.public_key)
    assert new.label.filled_at > old.label.filled_at
    assert {each.salt for each in new.label.holders}.isdisjoint(
        each.salt for each in old.label.holders
    )
    assert keepers.issue(kit, tmp_path / "t.lic", target="KUHNCO").code == 0


def test_a_kit_that_does_not_open_stays_as_it_is(keepers: Keepers, tmp_path: Path) -> None:
    kit = keepers.copy(tmp_path)
    before = kit.read_bytes()
    swapped = ("--first-secret-file", keepers.folder / "second")
    words = (*keepers.secrets, *swapped)
    assert keepers.house.opskit("license", "kit", "refresh", kit, *words).code == 5
    assert kit.read_bytes() == before


def test_a_kit_of_another_safe(keepers: Keepers, tmp_path: Path) -> None:
    kit = keepers.copy(tmp_path)
    document = json.loads(kit.read_text())
    document["label"]["number"] = 7
    kit.write_text(json.dumps(document))
    result = keepers.house.opskit("license", "kit", "refresh", kit, *keepers.secrets)
    assert (result.code, result.err.splitlines()[0]) == (
        4,
        "error[conflict]: the safe does not vouch for this kit 7",
    )


def test_seven_kits_and_no_more() -> None:
    ring = key_ring()
    for number in KITS:
        assert next_number(ring) == number
        ring.rotate(kit_key(number).name)
    with pytest.raises(ConflictError, match="all 7 kits are made"):
        next_number(ring)


def test_made_on_a_terminal(own_house: House, tmp_path: Path) -> None:
    """Each types theirs twice; nothing of it is shown."""
    own_house.login("alice")
    out = tmp_path / "kit"
    command = (sys.executable, "-m", "opskit", "license", "kit", "create", "--first", "alice")
    first, second = SECRETS
    screen = sit_before(
        (*command, "--out", out),
        own_house.environment(),
        answers=[
            ("--second, the other holder", "bob"),
            ("Passphrase of alice: ", "short"),
            ("Once more: ", "short"),
            ("nothing in common\r\nPassphrase of alice: ", first),
            ("Once more: ", "another"),
            ("one twice\r\nPassphrase of alice: ", first),
            ("Once more: ", first),
            ("Passphrase of bob: ", second),
            ("Once more: ", second),
        ],
    )
    assert screen.code == 0, screen.text
    assert first not in screen.text
    assert second not in screen.text
    assert "clients whose ERP does not know key 121 yet" not in screen.text  # there is none
    assert kitfile.read(out).label.names == ("alice", "bob")


def test_a_kit_whose_safe_did_not_answer(
    own_house: House, keepers: Keepers, tmp_path: Path
) -> None:
    """The file is there, and nobody knows whether the safe heard of its key: doctor finds out."""
    own, out = replace(keepers, house=own_house), tmp_path / "kit"
    own_house.login("alice")
    with unanswered(own_house):
        result = create(own, out)
    assert result.code == 7
    assert "nobody knows whether it vouches for kit 1\n" in result.err
    assert "then opskit doctor --repair" in result.err
    assert (out.exists(), interrupted(own_house)) == (True, ["kit 1"])
    repaired = own_house.done("doctor", "--repair").out
    assert f"the safe never heard of kit 1; destroy {out} and make another" in repaired
    assert (interrupted(own_house), own_house.done("license", "kit", "list").out) == ([], "")

    out.unlink()
    with unanswered(own_house):
        create(own, out)
    label = kitfile.read(out).label
    own_house.context().plug(KeyTrust).trust(kit_key(1).name, label.public_key)
    repaired = own_house.done("doctor", "--repair").out
    assert f"the safe vouches for kit 1; its file is {out}" in repaired
    assert own_house.done("license", "kit", "list").out.startswith("1\t121\talice bob\t")


def test_a_kit_that_the_safe_refuses(own_house: House, keepers: Keepers, tmp_path: Path) -> None:
    own, out = replace(keepers, house=own_house), tmp_path / "kit"
    own_house.login("alice")

    def refuse(method: str, path: str) -> tuple[int, bytes] | None:
        return (403, b'{"errors": ["permission denied"]}') if "import" in path else None

    with detour(own_house, refuse):
        result = create(own, out)
    assert result.code == 6
    assert (out.exists(), interrupted(own_house)) == (False, [])


def test_doctor_asks_for_a_refresh_and_for_other_people(keepers: Keepers) -> None:
    run = keepers.house.context()
    now = run.now()

    def said(days: int) -> list[str]:
        later = replace(run, now=lambda: now + timedelta(days=days))
        return [each.message for each in examine(later) if "kit" in each.message]

    assert said(89) == []
    (message,) = said(92)
    assert message.startswith("the sealed-safe kit 1 was last filled on ")
    keepers.house.done("user", "disable", "bob")
    try:
        assert said(0) == ["bob holds the sealed-safe kit 1 and may no longer log in"]
    finally:
        keepers.house.done("user", "enable", "bob")
        keepers.house._tokens.pop("bob", None)


@contextmanager
def unanswered(house: House) -> Iterator[None]:
    """The connection ends when the safe is to take a public key."""

    def hang_up(method: str, path: str) -> tuple[int, bytes] | None:
        if "import" in path:
            raise HangUpError
        return None

    with detour(house, hang_up):
        yield
