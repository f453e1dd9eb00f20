"""First passwords, and the list that hands them out."""

import stat
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from opskit.core.errors import InvalidError
from opskit.core.secret import Secret
from opskit.staff.models import Person
from opskit.staff.passwords import complete_list, first_password, list_beside, read_list


def person(login: str, name: str) -> Person:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    return Person(login=login, name=name, created_at=now, updated_at=now)


def test_a_first_password_can_be_read_out() -> None:
    made = {first_password().reveal() for _n in range(100)}
    assert len(made) == 100
    assert all(len(each) == 23 and not set(each) & set("il01o") for each in made)


def test_the_list_is_private_and_lies_beside_the_table(tmp_path: Path) -> None:
    file = list_beside(tmp_path / "staff.csv")
    complete_list(file, [person("bob", "Blum, Bob")], first_password)
    assert file == tmp_path / "staff.logins.csv"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_password_once_put_down_stays(tmp_path: Path) -> None:
    numbers = count(1)
    file = tmp_path / "staff.logins.csv"
    bob, eve = person("bob", "Blum, Bob"), person("eve", "Eve")
    complete_list(file, [bob], lambda: Secret(f"pass {next(numbers)}"))
    complete_list(file, [bob, eve], lambda: Secret(f"pass {next(numbers)}"))
    listed = {login: secret.reveal() for login, secret in read_list(file).items()}
    assert listed == {"bob": "pass 1", "eve": "pass 2"}
    assert file.read_text() == ('login,name,password\nbob,"Blum, Bob",pass 1\neve,Eve,pass 2\n')


@pytest.mark.parametrize("text", ["", "a,b\n", "login,name,password\nbob,Bob\n"])
def test_a_foreign_file_is_not_overwritten(tmp_path: Path, text: str) -> None:
    file = tmp_path / "staff.logins.csv"
    file.write_text(text)
    with pytest.raises(InvalidError, match="not a list of logins"):
        complete_list(file, [person("bob", "Bob")], first_password)
    assert file.read_text() == text
