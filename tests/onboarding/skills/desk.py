"""A newcomer with a login, whom no other test knows, in the session's home."""

import shutil
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path

from tests.support.home import DATA, House

_letters = (f"{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in count())


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who starts: the login, and what the path is called."""

    login: str
    name: str
    path: str


def newcomer(house: House, folder: Path, *, start: date, mentor: str = "bob") -> Newcomer:
    """Somebody new, with bob as mentor; alice is logged in afterwards."""
    house.login("alice")
    house.done("staff", "import", shutil.copy(DATA / "staff.csv", folder))
    login = f"learner{next(_letters)}"
    name = f"Line {login.capitalize()}"
    house.done("user", "add", login, "--role", "consultant", "--password-file", "-", stdin=login)
    house.done("staff", "import", _row(folder, login, name))
    words = ("--path", "back-office", "--start", start.isoformat(), "--mentor", mentor)
    path = house.done("onboarding", "start", login, *words).out.strip()
    return Newcomer(login, name, path)


def log_in(house: House, who: Newcomer) -> None:
    """The newcomer sits down."""
    house.done("login", who.login, "--password-file", "-", stdin=who.login)


def _row(folder: Path, login: str, name: str) -> Path:
    file = folder / f"{login}.csv"
    file.write_text(
        "login,name,email,role,pole,site,language\n"
        f"{login},{name},{login}@opskit.example,consultant,back-office,Sonceboz,fr\n",
        encoding="utf-8",
    )
    return file
