"""Where records go: the client, the environment, the kind, the name; and their contents."""

from collections.abc import Mapping
from datetime import date

import pytest

from opskit.core.secret import Secret
from tests.vault.importing.samples import NAMES
from vault.facts import EntryFacts
from vault.importing.addresses import parse_address
from vault.importing.contents import Contents, contents_of
from vault.importing.matching import Directory
from vault.importing.placing import Placed, Placer
from vault.importing.records import Attachment, CustomField, Leftover, Record
from vault.kinds import KINDS

DIRECTORY = Directory(NAMES)
MB = 1_000_000


def a_record(
    group: str = "DELEZE/PROD", title: str = "VPN", url: str = "", tags: str = "", **said: str
) -> Record:
    fields = tuple(CustomField(name, Secret(text)) for name, text in said.items())
    return Record(
        tuple(group.split("/")) if group else (),
        title,
        "adm",
        Secret("p"),
        url,
        fields=fields,
        tags=tuple(tags.split()),
    )


def place(record: Record, **more: object) -> Placed | Leftover:
    (found,) = Placer(DIRECTORY, **more).place(record)  # type: ignore[arg-type]
    return found


def path_of(record: Record, **more: object) -> str:
    found = place(record, **more)
    assert isinstance(found, Placed), found
    return found.ref.path


def reason_of(record: Record, **more: object) -> str:
    found = place(record, **more)
    assert isinstance(found, Leftover), found
    return found.reason


@pytest.mark.parametrize(
    "folder",
    [
        "DELEZE",
        "deleze",
        "DELEZE - Délèze Outillage SA",
        "DELEZE – another name",
        "DELEZE: x",
        "Délèze Outillage SA",
        "delèze outillage, sa",
        "Outillage (DELEZE)",
    ],
)
def test_a_folder_that_names_a_client_exactly(folder: str) -> None:
    assert DIRECTORY.exact(folder) == "DELEZE"


@pytest.mark.parametrize(
    "folder", ["", "-", "Deleze Outilage", "DELEZE2", "DELEZE Outillage", "SA"]
)
def test_a_folder_that_does_not(folder: str) -> None:
    assert DIRECTORY.exact(folder) is None


def test_two_clients_of_one_name_are_told_apart_by_their_code_alone() -> None:
    twins = Directory({"A1": "Moser AG", "A2": "Moser AG"})
    assert (twins.exact("Moser AG"), twins.exact("a2 - Moser AG")) == (None, "A2")


def test_a_folder_that_resembles_a_client_is_offered_and_taken_when_agreed() -> None:
    record = a_record("Kunden/Deleze Outilage/PROD")
    guess = Placer(DIRECTORY).guess(record.group)
    assert guess is not None
    assert (guess.folder, guess.code) == ("Deleze Outilage", "DELEZE")
    assert "DELEZE" in reason_of(record)
    assert path_of(record, agreed={"Deleze Outilage": "DELEZE"}) == "DELEZE/prod/vpn"
    assert "nobody agreed" in reason_of(record, agreed={"Deleze Outilage": None})


def test_what_resembles_nobody_is_nobodys() -> None:
    assert Placer(DIRECTORY).guess(("Intern", "Drucker")) is None
    assert reason_of(a_record("Intern/Drucker")) == "its folder names no client"
    assert reason_of(a_record("")) == "its folder names no client"


def test_one_client_can_take_everything() -> None:
    assert path_of(a_record("Whatever/Test"), client="MOSER") == "MOSER/test/vpn"
    assert path_of(a_record("DELEZE/Test"), client="MOSER") == "MOSER/test/vpn"


@pytest.mark.parametrize(
    ("group", "title", "said", "expected"),
    [
        ("DELEZE/PROD", "DB", {}, "DELEZE/prod/db"),
        ("DELEZE/Recette 12.4", "DB", {}, "DELEZE/test/db"),
        ("DELEZE/Servers/Produktion", "DB", {}, "DELEZE/prod/db"),
        ("PROD/DELEZE", "DB", {}, "DELEZE/prod/db"),
        ("DELEZE", "DB TEST", {}, "DELEZE/test/db"),
        ("DELEZE", "VPN", {}, "DELEZE/common/vpn"),
        ("DELEZE/Commun", "VPN", {}, "DELEZE/common/vpn"),
        ("DELEZE/PROD", "DB", {"env": "Test"}, "DELEZE/test/db"),
        ("DELEZE/PROD", "DB", {"Environnement": "recette"}, "DELEZE/test/db"),
        ("DELEZE", "prod to test", {}, "DELEZE/common/prod-to-test"),
    ],
)
def test_the_environment(group: str, title: str, said: Mapping[str, str], expected: str) -> None:
    assert path_of(a_record(group, title, **said)) == expected


def test_an_environment_that_nobody_has_is_told() -> None:
    assert "'moon' is no environment" in reason_of(a_record(env="moon"))


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("VPN PROD", "vpn"),
        ("PROD vpn", "vpn"),
        ("DELEZE - ERP (Délémont) n° 2", "erp-delemont-n-2"),
        ("PROD", "prod"),
        ("", "generic"),
        ("../../sys", "sys"),
        ("a/b\x00c", "a-b-c"),
        ("日本 語", "日本-語"),
        ("srv01.deleze.local", "srv01.deleze.local"),
        ("x" * 200, "x" * 60),
    ],
)
def test_the_name(title: str, name: str) -> None:
    assert path_of(a_record("DELEZE/PROD", title)) == f"DELEZE/prod/{name}"


def test_no_two_entries_get_the_same_name() -> None:
    placer = Placer(DIRECTORY)
    titles = ["VPN", "vpn prod", "vpn 2", "VPN"]
    placed = [next(placer.place(a_record(title=title))) for title in titles]
    assert [each.ref.name for each in placed if isinstance(each, Placed)] == [
        "vpn",
        "vpn-2",
        "vpn-2-2",
        "vpn-3",
    ]


@pytest.mark.parametrize(
    ("title", "url", "tags", "kind"),
    [
        ("whatever", "rdp://srv", "", "rdp"),
        ("whatever", "ssh://srv", "web", "ssh"),
        ("whatever", "oracle://db:1521/P", "", "database"),
        ("whatever", "jdbc:postgresql://db/p", "", "database"),
        ("VPN FortiClient", "https://vpn.example", "", "vpn"),
        ("Bureau à distance", "", "", "rdp"),
        ("Datenbank", "", "", "database"),
        ("ProConcept", "", "", "erp"),
        ("whatever", "", "SSH", "ssh"),
        ("whatever", "srv:3389", "", "rdp"),
        ("whatever", "https://intranet", "", "web"),
        ("whatever", "", "", "generic"),
    ],
)
def test_the_kind(title: str, url: str, tags: str, kind: str) -> None:
    found = place(a_record(title=title, url=url, tags=tags))
    assert isinstance(found, Placed)
    assert (found.facts.kind, found.kind_is_said) == (kind, False)


def test_a_kind_that_the_file_names_counts() -> None:
    found = place(a_record(title="VPN", kind="Web"))
    assert isinstance(found, Placed)
    assert (found.facts.kind, found.kind_is_said) == ("web", True)
    assert "kind-2" not in found.secrets
    other = place(a_record(title="VPN", kind="nonsense"))
    assert isinstance(other, Placed)
    assert (other.facts.kind, other.secrets["kind-2"].reveal()) == ("vpn", "nonsense")


@pytest.mark.parametrize(
    ("kind", "url", "expected"),
    [
        ("ssh", "ssh://srv:22", {"host": "srv", "port": "22"}),
        ("rdp", "srv.example", {"host": "srv.example"}),
        ("rdp", "https://gw.example/rds", {"host": "gw.example"}),
        ("web", "https://a.example/x?y=1", {"url": "https://a.example/x?y=1"}),
        ("web", "intranet.example", {"host": "intranet.example"}),
        ("vpn", "vpn.example:10443", {"host": "vpn.example", "port": "10443"}),
        ("erp", "erp://erp.example/P", {"url": "erp://erp.example/P"}),
        (
            "database",
            "oracle://db:1521/PROD",
            {"host": "db", "port": "1521", "engine": "oracle", "service": "PROD"},
        ),
        (
            "database",
            "jdbc:oracle:thin:@db:1521:ORCL",
            {"host": "db", "port": "1521", "engine": "oracle", "service": "ORCL"},
        ),
        (
            "database",
            "jdbc:sqlserver://db;databaseName=erp",
            {"host": "db", "engine": "sqlserver", "service": "erp"},
        ),
        ("database", "db:1521/PROD", {"host": "db", "port": "1521", "service": "PROD"}),
        ("generic", "see the paper", {"url": "see the paper"}),
    ],
)
def test_the_address(kind: str, url: str, expected: Mapping[str, str]) -> None:
    facts = contents_of(a_record(url=url), kind).facts.to_metadata()
    assert facts == {"kind": kind, "username": "adm", **expected}


@pytest.mark.parametrize("url", ["http://[broken", "http://a:99999999", "://", "http:///x", "a b"])
def test_what_is_no_address_is_none(url: str) -> None:
    assert parse_address(url) is None


def plain(made: Contents) -> dict[str, str]:
    return {name: secret.reveal() for name, secret in made.secrets.items()}


def test_an_address_that_the_kind_has_no_place_for_is_kept_as_a_field() -> None:
    made = contents_of(a_record(url="cmd://mstsc /v:srv"), "rdp")
    assert plain(made)["url-2"] == "cmd://mstsc /v:srv"
    made = contents_of(a_record(url="https://gw.example/rds"), "rdp")
    assert plain(made)["url-2"] == "https://gw.example/rds"


def test_a_password_in_an_address_is_no_fact() -> None:
    url = "https://eve:s3cret@a.example/x"
    made = contents_of(a_record(url=url), "web")
    assert "s3cret" not in str(made.facts)
    assert plain(made) == {"password": "p", "url-password": "s3cret"}
    alone = contents_of(Record(("DELEZE",), "t", url=url), "web")
    assert (alone.facts.username, plain(alone)) == ("eve", {"password": "s3cret"})
    assert "s3cret" not in repr(a_record(url=url))


@pytest.mark.parametrize(
    ("url", "facts", "secrets"),
    [
        (
            "SYSTEM/s3cret@db:1521/PROD",
            {"host": "db", "port": "1521", "engine": "oracle", "service": "PROD"},
            {"password": "s3cret"},
        ),
        (
            "jdbc:oracle:thin:scott/s3cret@//db:1521/PROD",
            {"host": "db", "port": "1521", "engine": "oracle", "service": "PROD"},
            {"password": "s3cret"},
        ),
        (
            "jdbc:sqlserver://db;user=sa;password=s3cret;databaseName=erp",
            {"host": "db", "engine": "sqlserver", "service": "erp"},
            {"password": "s3cret"},
        ),
        (
            "postgresql://eve:s3cret@db/erp",
            {"host": "db", "engine": "postgresql", "service": "erp"},
            {"password": "s3cret"},
        ),
        ("SYSTEM/s3cret@PROD", {}, {"address": "SYSTEM/s3cret@PROD"}),
        (
            "postgresql://db/erp?password=s3cret",
            {"host": "db", "engine": "postgresql", "service": "erp"},
            {"address": "postgresql://db/erp?password=s3cret"},
        ),
    ],
)
def test_a_password_anywhere_in_an_address_is_no_fact(
    url: str, facts: Mapping[str, str], secrets: Mapping[str, str]
) -> None:
    made = contents_of(Record(("DELEZE",), "t", "adm", url=url), "database")
    assert made.facts.to_metadata() == {"kind": "database", "username": "adm", **facts}
    assert plain(made) == secrets
    for kind in KINDS:
        assert "s3cret" not in str(contents_of(Record((), "t", url=url), kind).facts)
    said = (CustomField("URL", Secret(url)),)
    assert "s3cret" not in str(contents_of(Record((), "t", fields=said), "web").facts)


def test_a_page_is_an_address_whatever_its_path() -> None:
    url = "https://a.example/@bob/x"
    made = contents_of(Record((), "t", "adm", Secret("p"), url), "web")
    assert (made.facts.url, plain(made)) == (url, {"password": "p"})


def test_a_windows_domain_is_split_off_where_the_kind_has_one() -> None:
    record = Record(("DELEZE",), "t", "DOM\\adm", Secret("p"))
    assert contents_of(record, "rdp").facts == EntryFacts("rdp", username="adm", domain="DOM")
    assert contents_of(record, "ssh").facts.username == "DOM\\adm"


def test_fields_of_ones_own_become_facts_or_secrets_and_none_is_lost() -> None:
    fields = (
        CustomField("Host", Secret("srv")),
        CustomField("Port", Secret("none")),
        CustomField("PIN", Secret("5231"), protected=True),
        CustomField("host", Secret("s3cret"), protected=True),
        CustomField("Jump host", Secret("jump.example")),
        CustomField("Clé partagée", Secret("psk"), protected=True),
        CustomField("note", Secret("other note")),
        CustomField("a:b,c/d", Secret("odd")),
        CustomField("!", Secret("named by nothing")),
    )
    record = Record(("DELEZE",), "t", password=Secret("p"), note=Secret("n\r\nm"), fields=fields)
    made = contents_of(record, "ssh")
    assert made.facts == EntryFacts("ssh", "srv")
    assert plain(made) == {
        "password": "p",
        "note": "n\nm",
        "port-2": "none",
        "pin": "5231",
        "host-2": "s3cret",
        "jump-host": "jump.example",
        "shared-key": "psk",
        "note-2": "other note",
        "a-b-c-d": "odd",
        "field": "named by nothing",
    }


def test_tags_and_the_last_day() -> None:
    record = Record(
        ("DELEZE",), "t", tags=("Service clients", "", "VPN"), expires=date(2027, 12, 31)
    )
    facts = contents_of(record, "vpn").facts
    assert (facts.tags, facts.expires) == (("Service-clients", "VPN"), "2027-12-31")


def test_a_user_name_that_no_fact_can_be_is_kept() -> None:
    made = contents_of(Record(("DELEZE",), "t", "a\nb", Secret("p")), "web")
    assert (made.facts.username, plain(made)["username-2"]) == ("", "a\nb")


def test_a_file_too_large_stays_behind_alone() -> None:
    files = (
        Attachment("big.zip", bytes(MB)),
        Attachment("client.ovpn", b"remote"),
        Attachment("..", b"odd name"),
    )
    record = Record(("DELEZE",), "VPN", password=Secret("p"), files=files)
    entry, left = Placer(DIRECTORY).place(record)
    assert isinstance(entry, Placed)
    assert sorted(entry.secrets) == ["file:client.ovpn", "file:file", "password"]
    assert isinstance(left, Leftover)
    assert (left.ref, "big.zip" in left.reason) == ("DELEZE/common/vpn", True)


def test_what_holds_no_secret_is_told() -> None:
    assert "at least one secret" in reason_of(Record(("DELEZE",), "empty", "adm"))


def test_an_export_of_our_own_says_where_its_entries_were() -> None:
    record = a_record("DELEZE/PROD", "ERP-DB", ref="DELEZE/test/ERP-DB")
    found = place(record)
    assert isinstance(found, Placed)
    assert (found.ref.path, "ref" in found.secrets) == ("DELEZE/test/ERP-DB", False)
    assert path_of(record, client="MOSER") == "MOSER/prod/erp-db"
    assert path_of(a_record(ref="NOBODY/prod/x")) == "DELEZE/prod/vpn"


def test_the_kind_of_the_entry_that_is_there_goes_before_a_guess() -> None:
    guessed = place(a_record(title="whatever", url="https://a.example"))
    said = place(a_record(title="whatever", url="https://a.example", kind="web"))
    assert isinstance(guessed, Placed)
    assert isinstance(said, Placed)
    assert guessed.as_kind("rdp").facts == EntryFacts("rdp", "a.example", username="adm")
    assert said.as_kind("rdp").facts.kind == "web"
