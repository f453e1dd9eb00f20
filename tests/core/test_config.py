"""The home folder and its settings: read, refused with a reason, written back."""

from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.core.config import (
    Home,
    NoHomeError,
    Settings,
    find_home,
    home_trouble,
    load_settings,
    render_settings,
    require_home,
)
from opskit.core.errors import InvalidError

words = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def refused(home: Home, content: bytes) -> str:
    """Why these settings are not taken."""
    home.settings_file.write_bytes(content)
    with pytest.raises(InvalidError) as caught:
        load_settings(home)
    prefix = f"{home.settings_file}: "
    assert caught.value.message.startswith(prefix)
    return caught.value.message.removeprefix(prefix)


def test_the_environment_names_the_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPSKIT_HOME", "here")
    assert find_home() == Home(tmp_path / "here")


@pytest.mark.parametrize("given_home", [None, ""])
def test_without_it_the_system_does(
    monkeypatch: pytest.MonkeyPatch, given_home: str | None
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/srv/data")
    monkeypatch.delenv("OPSKIT_HOME", raising=False)
    if given_home is not None:
        monkeypatch.setenv("OPSKIT_HOME", given_home)
    assert find_home().folder.name == "opskit"


def test_a_home_without_settings_has_the_defaults(home: Home) -> None:
    assert load_settings(home) == Settings()
    home.settings_file.write_text("# nothing yet\n", encoding="utf-8")
    assert load_settings(home) == Settings()


def test_what_is_set_is_read(home: Home) -> None:
    home.settings_file.write_text(
        'language = "fr"\nticket_required = true\nvault_timeout = 3\n', encoding="utf-8"
    )
    settings = load_settings(home)
    assert settings == Settings(language="fr", ticket_required=True, vault_timeout=3.0)
    assert type(settings.vault_timeout) is float


def test_a_mark_that_an_editor_puts_first_is_no_error(home: Home) -> None:
    home.settings_file.write_bytes(b'\xef\xbb\xbflanguage = "fr"\r\n')
    assert load_settings(home).language == "fr"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("langage = 'fr'", "unknown key langage"),
        ("ticket_required = 1", "ticket_required must be of type bool"),
        ("ticket_required = 'yes'", "ticket_required must be of type bool"),
        ("vault_timeout = true", "vault_timeout must be of type float"),
        ("language = 3", "language must be of type str"),
        ("language = ['fr']", "language must be of type str"),
        ("language = 'it'", "language must be one of ('', 'en', 'fr')"),
        ("profile = 'LOCAL'", "profile must be one of ('local', 'team')"),
        ("token_store = ''", "token_store must be one of ('keyring', 'file')"),
        ("vault_timeout = 0", "vault_timeout must be a number of seconds above 0"),
        ("vault_timeout = -1.5", "vault_timeout must be a number of seconds above 0"),
        ("vault_timeout = nan", "vault_timeout must be a number of seconds above 0"),
        ("vault_timeout = inf", "vault_timeout must be a number of seconds above 0"),
        ("[local]\nlanguage = 'fr'", "unknown key local"),
    ],
)
def test_a_wrong_setting_is_refused_with_its_reason(home: Home, content: str, reason: str) -> None:
    assert refused(home, content.encode()) == reason


def test_what_is_no_toml_names_its_place(home: Home) -> None:
    assert "line 2" in refused(home, b"canton = 'BE'\nlanguage = fr\n")


def test_another_encoding_is_refused(home: Home) -> None:
    assert refused(home, 'canton = "Zürich"'.encode("latin-1")) == "not UTF-8 text"


def test_what_the_system_refuses_on_the_way_to_the_home_is_explained(home: Home) -> None:
    home.settings_file.mkdir()
    with pytest.raises(OSError, match="Is a directory") as caught:
        load_settings(home)
    trouble = home_trouble(home, caught.value)
    assert trouble is not None
    assert trouble.message == (
        f"the home {home.folder} cannot be used: {home.settings_file}: Is a directory"
    )
    above = PermissionError(13, "Permission denied", str(home.folder.parent))
    assert home_trouble(home, above) is not None


@pytest.mark.parametrize("name", ["/somewhere/else", 3, None])
def test_what_it_refuses_elsewhere_is_no_trouble_of_the_home(home: Home, name: object) -> None:
    assert home_trouble(home, PermissionError(13, "Permission denied", name)) is None


def test_a_home_is_one_when_init_came_to_its_end(home: Home) -> None:
    for look in (home, Home(home.folder / "deeper"), Home(home.settings_file / "in-a-file")):
        with pytest.raises(NoHomeError) as caught:
            require_home(look)
        assert caught.value.message == f"{look.folder} is no opskit home"
    home.ready_marker.touch()
    require_home(home)


def test_only_what_differs_from_the_defaults_is_written() -> None:
    assert render_settings(Settings()) == "# opskit settings, explained in docs/settings.md\n"
    assert render_settings(Settings(language="fr", ticket_required=True)).splitlines()[1:] == [
        'language = "fr"',
        "ticket_required = true",
    ]


@given(
    st.builds(
        Settings,
        profile=st.sampled_from(["local", "team"]),
        language=st.sampled_from(["", "en", "fr"]),
        token_store=st.sampled_from(["keyring", "file"]),
        canton=words,
        keyring_backend=words,
        vault_ca_file=words,
        database_url=words,
        vault_timeout=st.floats(0.01, 3000.0),
        ticket_required=st.booleans(),
        support_name=words,
        mail_port=st.integers(0, 65535),
        mail_security=st.sampled_from(["starttls", "tls", "none"]),
    )
)
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, settings: Settings
) -> None:
    home = Home(tmp_path_factory.getbasetemp())
    home.settings_file.write_text(render_settings(settings), encoding="utf-8")
    assert load_settings(home) == settings


def test_a_database_address_does_not_print_its_password() -> None:
    url = "postgresql+psycopg://opskit:geheim@db.example/opskit"
    assert "geheim" not in repr(Settings(database_url=url))


def test_every_place_is_inside_the_home(home: Home) -> None:
    places = [name for name, value in vars(Home).items() if isinstance(value, property)]
    assert len(places) > 5
    assert {getattr(home, name).parent for name in places} == {home.folder}
    assert [each.name for each in fields(Home)] == ["folder"]
