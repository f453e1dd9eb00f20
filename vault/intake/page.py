"""The page itself: one file that needs nothing else and may talk to nobody.

Its Content-Security-Policy allows its own script and style, by their hashes, and nothing more: no
request leaves the page, not even if something in it were wrong.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from string import Template
from typing import Any, Final

from opskit.core.refs import TicketKey
from vault.facts import EntryFacts
from vault.intake.envelope import BEGIN, END, MARK, Form
from vault.intake.ports import PublicKey
from vault.intake.words import Words, words_in
from vault.kinds import ENGINES, FIELDS, KINDS, NOTE, PRIVATE_KEY, Shape

OURS: Final = ("via",)  # facts that are the team's own business
WIDTHS: Final = {"host": "long", "port": "short"}
ENGINE_NAMES: Final = {
    "oracle": "Oracle",
    "postgresql": "PostgreSQL",
    "sqlserver": "SQL Server",
    "mysql": "MySQL",
}
_LONGEST: Final = {"port": 5, PRIVATE_KEY: 20_000, NOTE: 4_000}
_LONGEST_LINE: Final = 500
_TYPED_AS_IT_IS: Final = {"spellcheck": "false", "autocapitalize": "none"}


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whom the page is for: the client's name and language, and the ticket if there is one."""

    client: str
    language: str
    ticket: TicketKey | None = None


def asked_facts(kind: str) -> tuple[str, ...]:
    """The facts that a client may fill in for an entry of this kind."""
    return tuple(name for name in KINDS[kind].facts if name not in OURS)


def asked_fields(kind: str) -> tuple[str, ...]:
    """Everything that a client may fill in, secrets and the remark too."""
    return (*asked_facts(kind), *KINDS[kind].secrets, NOTE)


def longest(field: str) -> int:
    """How many characters the page takes in a field."""
    return _LONGEST.get(field, _LONGEST_LINE)


def render(form: Form, *, key: PublicKey, letterhead: Letterhead, known: EntryFacts | None) -> str:
    """The HTML of a page for this form; `known` is what the safe says today, None: a new entry."""
    words = words_in(letterhead.language)
    style, script = _resource("page.css"), _resource("page.js")
    texts = {
        **_texts(words, form, letterhead, is_new=known is None),
        "lang": letterhead.language,
        "policy": _policy(style=style, script=script),
        "fingerprint": key.fingerprint,
    }
    present = known.to_metadata() if known else {}
    pieces = {
        "steps": _steps(words),
        "fact_fields": "".join(
            _fact(name, words, present.get(name, "")) for name in asked_facts(form.kind)
        ),
        "secret_fields": "".join(_secret(name, words) for name in KINDS[form.kind].secrets),
        "data": _json(_data(form, key=key, words=words, is_new=known is None)),
        "style": style,
        "script": script,
    }
    escaped = {name: escape(text) for name, text in texts.items()}
    return Template(_resource("page.html")).substitute(escaped, **pieces)


def _texts(words: Words, form: Form, letterhead: Letterhead, *, is_new: bool) -> dict[str, str]:
    paste = words.paste
    if letterhead.ticket is not None:
        paste = words.paste_ticket.format(ticket=letterhead.ticket)
    plain = ("title", "intro", "no_script", "facts", "secrets", "remark", "remark_help", "seal")
    buttons = ("done", "copy", "save", "again", "key_help")
    return {
        **{name: getattr(words, name) for name in (*plain, *buttons)},
        "subtitle": f"{letterhead.client} · {form.ref}",
        "entry": form.ref.path,
        "longest_note": str(longest(NOTE)),
        "facts_help": words.facts_help_new if is_new else words.facts_help,
        "secrets_help": words.secrets_help_new if is_new else words.secrets_help,
        "paste": paste,
        "until_label": words.until,
        "until": form.until.strftime("%d.%m.%Y"),
        "key_label": words.key,
    }


def _data(form: Form, *, key: PublicKey, words: Words, is_new: bool) -> dict[str, Any]:
    """What the script needs to know."""
    said = ("again_help", "bad_port", "copied", "copy_by_hand", "expired", "failed", "hide")
    also = ("no_crypto", "nothing", "secrets_help_new", "show")
    return {
        "begin": BEGIN,
        "mark": MARK,
        "end": END,
        "headers": [f"Entry: {form.ref}", f"Until: {form.until}", f"Key: {key.fingerprint[:19]}"],
        "form": form.form,
        "version": form.key_version,
        "context": form.context,
        "key": base64.b64encode(key.der).decode(),
        "until": form.until.isoformat(),
        "needs": list(KINDS[form.kind].secrets) if is_new else [],
        "file": f"{form.ref.path.replace('/', '-')}.txt",
        "words": {name: getattr(words, name) for name in (*said, *also)},
    }


def _fact(name: str, words: Words, value: str) -> str:
    # The page knows what stood there, so that only what was changed is sent.
    known = {"id": name, "name": name, "data-known": value}
    shape = FIELDS[name].shape
    if shape is Shape.ENGINE:
        choices = "".join(_option(each, chosen=each == value) for each in ("", *ENGINES))
        control = f"{_tag('select', known)}{choices}</select>"
    elif shape is Shape.DATE:
        control = _tag("input", {**known, "type": "date", "value": value})
    else:
        numeric = {"inputmode": "numeric"} if shape is Shape.PORT else {}
        more = {"type": "text", "value": value, "maxlength": str(longest(name))}
        control = _tag("input", {**known, **more, **numeric, **_TYPED_AS_IT_IS})
    return _field(name, words, control, WIDTHS.get(name, ""))


def _secret(name: str, words: Words) -> str:
    same = {"id": name, "name": name, "data-secret": "", "maxlength": str(longest(name))}
    same |= {"autocomplete": "off", **_TYPED_AS_IT_IS}
    if name == PRIVATE_KEY:
        control = f"{_tag('textarea', {**same, 'rows': '5', 'class': 'code'})}</textarea>"
    else:
        typed = _tag("input", {**same, "type": "password"})
        about = {"type": "button", "data-shows": name, "aria-pressed": "false"}
        about["aria-label"] = f"{words.show}: {words.label(name)}"
        control = f'<div class="secret">{typed}{_tag("button", about)}'
        control += f"{escape(words.show)}</button></div>"
    return _field(name, words, control, "wide")


def _field(name: str, words: Words, control: str, width: str) -> str:
    label = f'<label for="{escape(name)}">{escape(words.label(name))}</label>'
    return f'<div class="{f"field {width}".rstrip()}">{label}{control}</div>'


def _option(value: str, *, chosen: bool) -> str:
    selected = {"selected": ""} if chosen else {}
    shown = escape(ENGINE_NAMES.get(value, value))
    return f"{_tag('option', {'value': value, **selected})}{shown}</option>"


def _steps(words: Words) -> str:
    first, *rest = (escape(each) for each in words.steps)
    return "".join(
        (f'<li aria-current="step">{first}</li>', *(f"<li>{each}</li>" for each in rest))
    )


def _tag(name: str, attributes: Mapping[str, str]) -> str:
    said = (f'{key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name} {' '.join(said)}>"


def _policy(*, style: str, script: str) -> str:
    rules: Iterable[Sequence[str]] = (
        ("default-src", "'none'"),
        ("script-src", _source(script)),
        ("style-src", _source(style)),
        ("base-uri", "'none'"),
        ("form-action", "'none'"),
    )
    return "; ".join(" ".join(rule) for rule in rules)


def _source(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _json(facts: Mapping[str, Any]) -> str:
    """JSON inside of HTML: no `<`, or the client's name could end the element."""
    return json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c")


def _resource(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
