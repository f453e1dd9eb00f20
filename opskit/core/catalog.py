"""The catalogue: products, editions, modules and ERP versions, with their names in three languages.

Licence keys store its numbers and bits, so it is read strictly: what is ambiguous is refused.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from importlib.resources import files
from typing import Annotated, Any, Protocol, TypeVar

import msgspec
import yaml
from msgspec import Meta, Struct

from opskit.core.config import Home
from opskit.core.errors import InvalidError, NotFoundError
from opskit.core.i18n import _
from opskit.core.text import did_you_mean

LAST_BIT = 47
FIRST_LICENSE_KEYS = (1, 101, 111, 129)  # production, its two spares, test: there since init
_YamlLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Code = Annotated[str, Meta(pattern="^[A-Z][A-Z0-9]{0,19}$")]
Byte = Annotated[int, Meta(ge=1, le=255)]  # one byte of a licence key
Label = Annotated[str, Meta(min_length=1, max_length=60)]


class Names(Struct, frozen=True, forbid_unknown_fields=True):
    """What clients read."""

    fr: Label
    en: Label
    de: Label

    def in_language(self, language: str) -> str:
        """The name in that language, in English where we have none."""
        return {"fr": self.fr, "de": self.de}.get(language, self.en)


class Product(Struct, frozen=True, forbid_unknown_fields=True):
    number: Byte
    code: Code
    names: Names


class Edition(Struct, frozen=True, forbid_unknown_fields=True):
    number: Byte
    code: Code
    names: Names


class Module(Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the ERP; a retired one keeps its bit for ever."""

    bit: Annotated[int, Meta(ge=0, le=LAST_BIT)]
    code: Code
    names: Names
    retired: bool = False


class Version(Struct, frozen=True, forbid_unknown_fields=True):
    """A release of the ERP, and the ids of the licence keys that were compiled into it."""

    number: Annotated[str, Meta(pattern="^[0-9]{1,2}[.][0-9]{1,2}$")]
    released_on: date
    license_keys: Annotated[tuple[Byte, ...], Meta(min_length=1)] = FIRST_LICENSE_KEYS


class Catalog(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that can be sold, asked by its code."""

    products: tuple[Product, ...]
    editions: tuple[Edition, ...]
    modules: tuple[Module, ...]
    versions: tuple[Version, ...]

    def product(self, code: str) -> Product:
        """Raises NotFoundError with the nearest codes."""
        return _by_code(self.products, code, _("there is no product {code}"))

    def edition(self, code: str) -> Edition:
        """Raises NotFoundError with the nearest codes."""
        return _by_code(self.editions, code, _("there is no edition {code}"))

    def module(self, code: str) -> Module:
        """Raises NotFoundError with the nearest codes."""
        return _by_code(self.modules, code, _("there is no module {code}"))

    def module_bits(self, codes: Iterable[str]) -> frozenset[int]:
        """The bits of these modules, retired ones included; NotFoundError for an unknown code."""
        return frozenset(self.module(code).bit for code in codes)

    def modules_of(self, bits: Iterable[int]) -> list[Module]:
        """The modules behind the bits, in the catalogue's order; unknown bits are left out."""
        wanted = frozenset(bits)
        return [module for module in self.modules if module.bit in wanted]

    def version(self, number: str) -> Version:
        """Raises NotFoundError with the nearest versions."""
        for version in self.versions:
            if version.number == number.strip():
                return version
        numbers = [version.number for version in self.versions]
        raise NotFoundError(
            _("there is no version {number}").format(number=number),
            hint=did_you_mean(number, numbers, otherwise=" ".join(numbers)),
        )

    def keys_known_by(self, number: str) -> frozenset[int]:
        """The ids of the licence keys that this version knows.

        Of a version that is not in the catalogue, those that every version in it knows.
        """
        known = {each.number: frozenset(each.license_keys) for each in self.versions}
        if number in known:
            return known[number]
        return frozenset.intersection(*known.values()) if known else frozenset(FIRST_LICENSE_KEYS)


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


Item = TypeVar("Item", bound=_Coded)


def load_catalog(home: Home) -> Catalog:
    """The home's own catalogue, else the sample that comes with opskit.

    Raises:
        InvalidError: the file is unreadable or breaks a rule; the message names the place.
    """
    own = home.catalog_file
    if not own.exists():
        sample = files("opskit.core") / "catalog.yaml"
        return parse_catalog(sample.read_text(encoding="utf-8"), source="catalog.yaml")
    try:
        return parse_catalog(own.read_text(encoding="utf-8"), source=str(own))
    except (OSError, UnicodeDecodeError) as err:
        raise _invalid(str(own), _("it cannot be read as UTF-8 text")) from err


def parse_catalog(text: str, *, source: str) -> Catalog:
    """Read a catalogue from YAML.

    Raises:
        InvalidError: it is no YAML, lacks or misspells a field, or gives a code, number or bit
            to two things.
    """
    try:
        catalog = msgspec.convert(yaml.load(text, _YamlLoader), Catalog)  # noqa: S506 (a safe one)
    except yaml.MarkedYAMLError as err:
        line = f"{source}:{err.problem_mark.line + 1}" if err.problem_mark else source
        raise _invalid(line, str(err.problem)) from err
    except (yaml.YAMLError, msgspec.ValidationError, ValueError) as err:
        # a ValueError is a day such as 2026-02-31
        raise _invalid(source, str(err).splitlines()[0]) from err
    _refuse_duplicates(catalog, source)
    return catalog


def _refuse_duplicates(catalog: Catalog, source: str) -> None:
    unique: dict[str, Sequence[object]] = {
        "products: code": [each.code for each in catalog.products],
        "products: number": [each.number for each in catalog.products],
        "editions: code": [each.code for each in catalog.editions],
        "editions: number": [each.number for each in catalog.editions],
        "modules: code": [each.code for each in catalog.modules],
        "modules: bit": [each.bit for each in catalog.modules],
        "versions: number": [each.number for each in catalog.versions],
        **{f"version {each.number}: license_keys": each.license_keys for each in catalog.versions},
    }
    for field, values in unique.items():
        twice = [value for value, count in Counter(values).items() if count > 1]
        if twice:
            raise _invalid(
                source, _("{field} {value} is given twice").format(field=field, value=twice[0])
            )


def _by_code(items: Sequence[Item], code: str, message: str) -> Item:
    wanted = code.strip().upper()
    for item in items:
        if item.code == wanted:
            return item
    codes = [item.code for item in items]
    raise NotFoundError(
        message.format(code=code.strip()),
        hint=did_you_mean(
            code, codes, otherwise=_("known are {codes}").format(codes=" ".join(codes))
        ),
    )


def _invalid(where: str, reason: str) -> InvalidError:
    return InvalidError(
        f"{where}: {reason}",
        hint=_("mend it; the comments of the sample, opskit/core/catalog.yaml, explain the fields"),
    )
