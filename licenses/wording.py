"""What verification found, in the person's language; `refusals` and JSON keep the fixed words."""

from collections.abc import Mapping

from licenses.refusals import LicenseRefusedError, Reason
from licenses.validity import Standing
from opskit.core.i18n import _


def standing_in_words(standing: Standing) -> str:
    return {
        Standing.NOT_YET_VALID: _("not valid yet"),
        Standing.VALID: _("valid"),
        Standing.GRACE: _("in the grace days after its end"),
        Standing.EMERGENCY: _("in the days of an emergency code"),
        Standing.EXPIRED: _("expired"),
    }[standing]


def rule_in_words(reason: Reason) -> str:
    """What a rule looks at that a tool away from the installation may not know."""
    return {
        Reason.WRONG_PRODUCT: _("product"),
        Reason.WRONG_KIND: _("kind"),
        Reason.WRONG_SITE: _("site"),
        Reason.STALE_SEQUENCE: _("last sequence"),
        Reason.VERSION_ABOVE_CEILING: _("ERP version"),
        Reason.MAINTENANCE_LAPSED: _("maintenance"),
    }[reason]


def refusal_in_words(err: LicenseRefusedError, facts: Mapping[str, object]) -> str:
    """Why the key is refused; `facts` are what was asked: `version`, `released_on`, `site`."""
    words = _text() | _typed(err.lines) | _form() | _key() | _meaning() | _emergency()
    lines = ", ".join(map(str, err.lines))
    return words[err.reason].format(payload=err.payload, lines=lines, **facts)


def _text() -> dict[Reason, str]:
    """Steps 1 and 2 of the specification's section 5, and the file."""
    return {
        Reason.TOO_LONG: _("longer than any licence"),
        Reason.NOT_A_KEY: _("no licence key, or not saved as UTF-8"),
        Reason.REFERENCE_NOT_A_KEY: _(
            "a reference number, which only names a licence; type the whole key or take its file"
        ),
        Reason.BAD_ARMOUR: _("no licence file, or one that was cut or mangled"),
        Reason.BAD_BASE64: _("its block was cut or mangled"),
        Reason.NON_CANONICAL_BASE64: _("the end of its block was altered"),
    }


def _typed(lines: tuple[int, ...]) -> dict[Reason, str]:
    """The typed lines of step 2."""
    one = len(lines) == 1
    return {
        Reason.BAD_TYPED_LINE: _("line {lines} is wrong") if one else _("lines {lines} are wrong"),
        Reason.MISPLACED_TYPED_LINE: _("line {lines} is missing, or another stands in its place"),
        Reason.MISSING_TYPED_LINE: _("line {lines} is missing"),
        Reason.BAD_TYPED_LENGTH: _("its lines are well typed, but too long or too short"),
        Reason.NON_ZERO_PADDING: _("the end of its last line was altered"),
    }


def _form() -> dict[Reason, str]:
    """Step 3."""
    return {
        Reason.TRUNCATED: _("it was cut"),
        Reason.UNKNOWN_VERSION: _("its format is unknown, perhaps newer than this program"),
        Reason.UNKNOWN_KIND: _("its kind is unknown"),
        Reason.RESERVED_NOT_ZERO: _("it fills what has to be empty"),
        Reason.BAD_DATE: _("the day of issue or the first day is missing"),
        Reason.INVERTED_DATES: _("its last day is before the first"),
        Reason.TRAILING_BYTES: _("it does not end where it should"),
        Reason.DUPLICATE_EXTENSION: _("it holds an extension twice"),
        Reason.EXTENSION_ORDER: _("its extensions are out of order"),
        Reason.BAD_EMERGENCY_ANCHOR: _("what it says about emergency codes is malformed"),
    }


def _key() -> dict[Reason, str]:
    """Step 4, and the signature."""
    return {
        Reason.UNKNOWN_KEY_ID: _("the public keys lack the one that signed it"),
        Reason.KIND_NOT_ALLOWED: _("its key may not sign licences of this kind"),
        Reason.BAD_SIGNATURE: _("altered, or not signed by the vendor"),
    }


def _meaning() -> dict[Reason, str]:
    """Step 5."""
    return {
        Reason.UNKNOWN_CRITICAL_EXTENSION: _("it says something that needs a newer program"),
        Reason.WRONG_PRODUCT: _("for another product"),
        Reason.WRONG_KIND: _("a {payload.kind} licence is of no use here"),
        Reason.WRONG_SITE: _("bound to another site than {site}"),
        Reason.STALE_SEQUENCE: _("replaced by a newer licence"),
        Reason.CLOCK_BEHIND: _("issued later, on {payload.issued_on}"),
        Reason.NOT_YET_VALID: _("valid from {payload.valid_from}"),
        Reason.EXPIRED: _("last day {payload.last_day}, grace days {payload.grace_days}"),
        Reason.VERSION_ABOVE_CEILING: _("up to version {payload.version_ceiling}, not {version}"),
        Reason.MAINTENANCE_LAPSED: _(
            "maintenance until {payload.maintenance_until}, version {version} released on "
            "{released_on}"
        ),
    }


def _emergency() -> dict[Reason, str]:
    """Emergency codes, section 9."""
    return {
        Reason.EMERGENCY_NONE: _("the licence takes no emergency codes"),
        Reason.EMERGENCY_MALFORMED: _("an emergency code has 20 letters and digits"),
        Reason.EMERGENCY_WRONG: _("no emergency code of this licence, or mistyped"),
        Reason.EMERGENCY_REPLAY: _("this emergency code, or a later one, was used already"),
    }
