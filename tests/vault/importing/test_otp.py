"""Seeds of one-time passwords, in each form in which keepers have them."""

from base64 import b64encode

import pytest

from vault.importing.otp import as_address, from_otp_field, from_time_otp

SEED = "JBSWY3DPEHPK3PXP"
RAW = bytes.fromhex("48656c6c6f21deadbeef")


@pytest.mark.parametrize(
    "fields",
    [
        {"timeotp-secret-base32": SEED},
        {"timeotp-secret-base32": "jbsw y3dp ehpk 3pxp"},
        {"timeotp-secret-hex": RAW.hex()},
        {"timeotp-secret-base64": b64encode(RAW).decode()},
        {"timeotp-secret-base32": SEED, "timeotp-length": "6", "timeotp-period": "30"},
    ],
)
def test_the_fields_of_keepass(fields: dict[str, str]) -> None:
    assert from_time_otp(fields) == SEED


def test_a_secret_as_text() -> None:
    assert from_time_otp({"timeotp-secret": "12345678901234567890"}) == (
        "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # RFC 6238, appendix B
    )


def test_unusual_settings_are_kept_in_an_address() -> None:
    fields = {
        "timeotp-secret-base32": SEED,
        "timeotp-length": "8",
        "timeotp-algorithm": "HMAC-SHA-256",
    }
    assert from_time_otp(fields) == (
        f"otpauth://totp/opskit?secret={SEED}&digits=8&period=30&algorithm=SHA256"
    )


@pytest.mark.parametrize("fields", [{}, {"timeotp-secret-hex": "xyz"}, {"timeotp-length": "8"}])
def test_what_is_no_seed_is_none(fields: dict[str, str]) -> None:
    assert from_time_otp(fields) is None


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (SEED, SEED),
        (f"otpauth://totp/DELEZE:x?secret={SEED}", f"otpauth://totp/DELEZE:x?secret={SEED}"),
        (f"key={SEED}&step=30&size=6", SEED),
        (
            f"key={SEED}&size=8",
            f"otpauth://totp/opskit?secret={SEED}&digits=8&period=30&algorithm=SHA1",
        ),
    ],
)
def test_the_field_otp(text: str, kept: str) -> None:
    assert from_otp_field(text) == kept


@pytest.mark.parametrize(
    "seed",
    [SEED, f"otpauth://totp/a?secret={SEED}", f"otpauth://totp/opskit?secret={SEED}&digits=8"],
)
def test_a_seed_comes_back_from_its_address(seed: str) -> None:
    assert as_address(seed).startswith("otpauth://totp/")
    assert from_otp_field(as_address(seed)) == seed
