"""Any text of a licence: file, typed lines, what a QR code holds (specification, section 5.1)."""

from licenses import armour, reference, typedform
from licenses.refusals import LicenseRefusedError, Reason
from licenses.textlines import lines_of

_ARMOUR_SIGN = "-----"


def read(text: str | bytes) -> tuple[bytes, dict[str, str]]:
    """Signed bytes, and the headers that a file claims; the other forms have none.

    Raises:
        LicenseRefusedError: steps 1 and 2 of the specification.
    """
    lines = _of_typed_page(lines_of(text))
    if any(_ARMOUR_SIGN in line for line in lines):
        return armour.from_lines(lines)
    lines = typedform.written(lines)
    if len(lines) == 1 and reference.parse(lines[0]) is not None:
        raise LicenseRefusedError(
            Reason.REFERENCE_NOT_A_KEY, "a reference number names a licence and is none"
        )
    return typedform.from_lines(lines), {}


def _of_typed_page(lines: list[str]) -> list[str]:
    """What stands between the markers of a typed page; any other text as it is."""
    if typedform.BEGIN not in lines:
        return lines
    after = lines[lines.index(typedform.BEGIN) + 1 :]
    return after[: after.index(typedform.END)] if typedform.END in after else after
