"""One-time codes: the vectors of RFC 6238, and seeds as services hand them out."""

from base64 import b32encode
from datetime import UTC, datetime

import pytest

from opskit.core.errors import InvalidError
from opskit.core.secret import Secret
from tests.support.home import House
from vault.using.totp import Seed, read_seed

KEYS = {"SHA1": 20, "SHA256": 32, "SHA512": 64}  # bytes, as in RFC 6238, appendix B
VECTORS = [
    (59, "SHA1", "94287082"),
    (59, "SHA256", "46119246"),
    (59, "SHA512", "90693936"),
    (1111111109, "SHA1", "07081804"),
    (1111111109, "SHA256", "68084774"),
    (1111111109, "SHA512", "25091201"),
    (1111111111, "SHA1", "14050471"),
    (1111111111, "SHA256", "67062674"),
    (1111111111, "SHA512", "99943326"),
    (1234567890, "SHA1", "89005924"),
    (1234567890, "SHA256", "91819424"),
    (1234567890, "SHA512", "93441116"),
    (2000000000, "SHA1", "69279037"),
    (2000000000, "SHA256", "90698825"),
    (2000000000, "SHA512", "38618901"),
    (20000000000, "SHA1", "65353130"),
    (20000000000, "SHA256", "77737706"),
    (20000000000, "SHA512", "47863826"),
]
SEED = "JBSW Y3DP EHPK 3PXP"
ENTRY = "DELEZE/common/vpn-codes"


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@pytest.mark.parametrize(("seconds", "algorithm", "code"), VECTORS)
def test_the_vectors_of_the_rfc(seconds: int, algorithm: str, code: str) -> None:
    key = (b"1234567890" * 7)[: KEYS[algorithm]]
    address = f"otpauth://totp/Fortinet:bob?secret={b32encode(key).decode().rstrip('=')}"
    seed = read_seed(Secret(f"{address}&digits=8&algorithm={algorithm}&period=30&issuer=Fortinet"))
    assert seed.code_at(at(seconds)).digits == code


@pytest.mark.parametrize(
    "text",
    [
        *("JBSWY3DPEHPK3PXP", SEED, "jbsw-y3dp-ehpk-3pxp\n", "JBSWY3DPEHPK3PXP======"),
        "otpauth://totp/x?secret=jbswy3dpehpk3pxp&digits=6&period=30&algorithm=HMAC-SHA1",
    ],
)
def test_a_seed_is_read_as_people_paste_it(text: str) -> None:
    seed = read_seed(Secret(text))
    assert (seed.key, seed.digits, seed.period) == (b"Hello!\xde\xad\xbe\xef", 6, 30)


def test_a_code_says_how_long_it_lasts() -> None:
    seed = Seed(b"12345678901234567890", period=60)
    assert seed.code_at(at(0)).valid_for == 60
    assert not seed.code_at(at(55)).ends_too_soon
    assert seed.code_at(at(56)).ends_too_soon
    assert seed.code_at(at(59)).digits == seed.code_at(at(0)).digits != seed.code_at(at(60)).digits


@pytest.mark.parametrize(
    "text",
    [
        "not base 32!",
        "",
        "0189",
        "A",
        "otpauth://hotp/x?secret=JBSWY3DPEHPK3PXP",
        "otpauth://totp/x",
        "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&algorithm=MD5",
        "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&digits=5",
        "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&digits=²",
        "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&period=0",
        "https://totp/x?secret=JBSWY3DPEHPK3PXP",
    ],
)
def test_what_is_no_seed_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(InvalidError) as caught:
        read_seed(Secret(text))
    assert caught.value.__cause__ is None
    assert "JBSWY3DPEHPK3PXP" not in str(caught.value)
    assert not text or text not in str(caught.value)


@pytest.fixture
def entry(house: House) -> str:
    house.opskit(
        *("vault", "add", ENTRY, "--kind", "vpn", "--field", "totp-seed", "--password-file", "-"),
        stdin=SEED,
    )
    return ENTRY


def test_the_command_prints_a_code_that_lasts(house: House, entry: str) -> None:
    before = datetime.now(UTC)
    done = house.done("vault", "totp", entry, "--ticket", "CS-1001")
    after = datetime.now(UTC)
    seed = read_seed(Secret(SEED))
    possible = {seed.code_at(moment).digits for moment in (before, after)}
    assert done.out.strip() in possible
    assert done.err.endswith(" s\n")
    assert int(done.err.split()[-2]) >= 5


def test_as_json(house: House, entry: str) -> None:
    row = house.done("vault", "totp", entry, "--json").json
    assert row["ref"] == entry
    assert (len(row["code"]), 5 <= row["valid_for"] <= 30) == (6, True)


def test_an_entry_without_a_seed_says_so(house: House) -> None:
    ref = "DELEZE/common/no-codes"
    house.opskit("vault", "add", ref, "--kind", "web", "--password-file", "-", stdin="x")
    done = house.opskit("vault", "totp", ref)
    assert (done.code, done.out) == (3, "")
    assert "totp-seed" in done.err
