"""An entry as a text that a person edits: one `field: value` a line, whatever the value.

A value that one line cannot hold stands below its field, each line moved in by blanks. No sign
means anything else inside a value, so that a password can be typed as it is.
"""

from collections.abc import Iterator, Mapping

from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.secret import Secret
from vault.entries import FILE_PREFIX, NEXT_PREFIX, EntryRef, EntryValue, check_secret_name
from vault.facts import FACTS
from vault.kinds import KINDS, NOTE

Texts = Mapping[str, str]
"""Each field's value, the secrets' too; empty where there is none."""

INDENT = "    "
ALARM = "#!"


def render(ref: EntryRef, value: EntryValue, texts: Texts) -> str:
    """The whole text: remarks, facts, secrets, the note at the end."""
    facts = [name for name in texts if name in FACTS]
    secrets = [name for name in texts if name not in FACTS and name != NOTE]
    lines = [
        *_remarks(_("{entry}, version {version}").format(entry=ref, version=value.version)),
        *_remarks(_("One field a line; an empty value takes the field away.")),
        *_remarks(_("More lines of a value follow below it, each behind a few blanks.")),
        *_remarks(_("Save and leave the editor to store it; leave without saving for no change.")),
        "",
        *(line for name in facts for line in _field(name, texts[name])),
        "",
        *_remarks(_("Secret; others may be added under a name of your own.")),
        *(line for name in secrets for line in _field(name, texts[name])),
        "",
        *(line for name in texts if name == NOTE for line in _field(name, texts[name])),
        *_remarks(*_kept(value)),
    ]
    return "\n".join(lines) + "\n"


def texts_of(value: EntryValue) -> dict[str, str]:
    """What is offered for editing: what the entry has, and what its kind could have."""
    kind, facts = KINDS[value.facts.kind], value.facts.to_metadata()
    own = [name for name in value.secrets if _can_be_edited(name)]
    names = dict.fromkeys([*own, *kind.secrets, NOTE])
    return {
        "kind": value.facts.kind,
        **{name: facts.get(name, "") for name in (*kind.facts, "tags")},
        **{name: value.secrets[name].reveal() if name in own else "" for name in names},
    }


def parse(text: str) -> dict[str, str]:
    """Read the text back.

    Raises:
        InvalidError: a line that is neither a field, part of one, nor a remark; or a field twice.
    """
    found: dict[str, list[str]] = {}
    name = ""
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if line.startswith("#"):
            continue
        if not line.strip() or line[0] in " \t":
            _continue(found.get(name), line, number)
            continue
        name, colon, rest = line.partition(":")
        if name in (FILE_PREFIX[:-1], NEXT_PREFIX[:-1]) or not colon:
            raise _broken(number, _("it is no field; write name: value"))
        name = _canonical(name.strip())
        if name in found:
            raise _broken(number, _("{field} stands there twice").format(field=name))
        found[name] = [rest.strip()] if rest.strip() else []
    return {name: "\n".join(_without_end(lines)) for name, lines in found.items()}


def changes_in(before: Texts, after: Texts) -> dict[str, Secret]:
    """The fields that a person changed; a line that is gone counts as empty."""
    return {
        name: Secret(after.get(name, ""))
        for name in {**before, **after}
        if before.get(name, "") != after.get(name, "")
    }


def with_alarm(text: str, *alarms: str) -> str:
    """The same text with what is wrong on top, in place of an earlier alarm."""
    return "\n".join([*(f"{ALARM} {alarm}" for alarm in alarms), without_alarm(text)])


def without_alarm(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not line.startswith(ALARM))


def _field(name: str, value: str) -> Iterator[str]:
    if not value:
        yield f"{name}:"
    elif "\n" in value or value != value.strip():
        yield f"{name}:"
        yield from (INDENT + line for line in value.split("\n"))
    else:
        yield f"{name}: {value}"


def _continue(lines: list[str] | None, line: str, number: int) -> None:
    if lines is not None:
        lines.append(_moved_out(line))
    elif line.strip():
        raise _broken(number, _("it begins with a blank, and there is no field above it"))


def _moved_out(line: str) -> str:
    """Without the blanks in front of it, but for those of its own."""
    if line.startswith("\t"):
        return line[1:]
    return line[min(len(line) - len(line.lstrip(" ")), len(INDENT)) :]


def _without_end(lines: list[str]) -> list[str]:
    """Without the empty lines that separate it from the next field."""
    while lines and not lines[-1]:
        lines = lines[:-1]
    return lines


def _canonical(name: str) -> str:
    return name.lower() if name.lower() in FACTS else name


def _can_be_edited(name: str) -> bool:
    """No file, nothing that waits, nor a name of another tool's that a line cannot hold."""
    try:
        check_secret_name(name)
    except InvalidError:
        return False
    return not name.startswith((FILE_PREFIX, NEXT_PREFIX))


def _kept(value: EntryValue) -> Iterator[str]:
    kept = [name for name in value.secrets if not _can_be_edited(name)]
    if kept:
        yield _("Stay as they are: {names}").format(names=", ".join(kept))


def _remarks(*texts: str) -> list[str]:
    return [f"# {text}" for text in texts]


def _broken(number: int, reason: str) -> InvalidError:
    return InvalidError(
        _("line {number}: {reason}").format(number=number, reason=reason),
        hint=_("one field a line, as in host: db.deleze.example"),
    )
