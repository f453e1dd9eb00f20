"""The paths there are: composed of the layers that come with opskit, or one template a pole.

The single templates `back-office` and `logistics` are those of before there were layers.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sqlalchemy.orm import Session

from onboarding.layers import PREFIX, Kind, Layer, compose, read_layer
from onboarding.names import MODULES, POLES, SITES, known_module, known_pole, known_site
from opskit.checklists.services.publishing import choose, find_published
from opskit.checklists.templates import Template, load_template
from opskit.core.errors import NotFoundError, UsageProblemError
from opskit.core.i18n import _
from opskit.core.text import did_you_mean

PATHS = ("back-office", "logistics")
KNOWN: Mapping[Kind, Callable[[str], str]] = {
    Kind.POLE: known_pole,
    Kind.SITE: known_site,
    Kind.MODULE: known_module,
}


@dataclass(frozen=True, slots=True)
class Wish:
    """Which path somebody wants: a template by its id, or layers by their names."""

    path: str | None = None
    pole: str | None = None
    site: str | None = None
    modules: tuple[str, ...] = ()

    def refuse_both(self) -> None:
        """Raises UsageProblemError: neither path nor pole is named, or a path and layers are."""
        is_composed = bool(self.pole or self.site or self.modules)
        if bool(self.path) is is_composed or (is_composed and not self.pole):
            raise UsageProblemError(
                _("either a path, or a pole with a site and modules"),
                hint="--pole back-office --site sonceboz",
            )


@dataclass(frozen=True, slots=True)
class Path:
    """What a new walk begins with."""

    template: Template
    pole: str | None
    site: str | None
    modules: tuple[str, ...]
    canton: str | None


@cache
def load_path(name: str) -> Template:
    """The template of a path that comes as one file.

    Raises:
        NotFoundError: there is no such path; the hint names the nearest.
    """
    if name not in PATHS:
        raise _no_path(name, PATHS)
    file = f"{name}.yaml"
    text = (files("onboarding") / "templates" / file).read_text(encoding="utf-8")
    return load_template(text, source=file)


@cache
def load_layer(kind: Kind, name: str) -> Layer:
    """A layer that comes with opskit.

    Raises:
        NotFoundError: there is none of that kind; the hint names the nearest.
    """
    if kind in KNOWN:
        KNOWN[kind](name)
    file = f"{name}.yaml"
    text = (files("onboarding") / "templates" / "layers" / file).read_text(encoding="utf-8")
    return read_layer(text, file)


def layers_of(pole: str, site: str | None, modules: Iterable[str] = ()) -> list[Layer]:
    """The layers of a path in their order; modules as they stand in the list, however typed.

    Raises:
        NotFoundError: there is no such pole, site or module.
    """
    wanted = {load_layer(Kind.MODULE, name).layer for name in modules}
    return [
        load_layer(Kind.COMMON, Kind.COMMON.value),
        load_layer(Kind.POLE, pole),
        *([load_layer(Kind.SITE, site)] if site else []),
        *(load_layer(Kind.MODULE, name) for name in MODULES if name in wanted),
    ]


@cache
def composed(pole: str, site: str | None, modules: tuple[str, ...] = ()) -> Template:
    """The path of these layers. Raises as `layers_of` and `compose`."""
    return compose(layers_of(pole, site, modules))


def composed_paths() -> list[Template]:
    """A path for each pole and site, without modules."""
    return [composed(pole, site) for pole in POLES for site in SITES]


def choose_path(session: Session, wish: Wish) -> Path:
    """What a walk begins with; a team's own published version wins over the shipped layers.

    Raises:
        NotFoundError: there is no such path, pole, site or module.
        UsageProblemError: a path and layers are named at once, or neither.
        LayerInvalidError: the layers do not go together.
        ConflictError: every version is retired.
    """
    wish.refuse_both()
    if wish.path is None:
        return _of_layers(session, wish)
    if wish.path in PATHS:
        chosen = choose(session, load_path(wish.path))
        return Path(chosen, wish.path, None, (), chosen.canton)
    named = parts_of(wish.path)
    if named is not None:
        return _of_layers(session, named)
    own = _published(session, wish.path)
    return Path(own, pole_in(wish.path), None, (), own.canton)


def pole_in(path: str) -> str | None:
    """The pole behind the id of a path in which layers of the team's own are; None for others."""
    return next((pole for pole in POLES if path.startswith(f"{PREFIX}{pole}-")), None)


def parts_of(path: str) -> Wish | None:
    """The layers behind the id of a composed path; None for any other id."""
    rest = path.removeprefix(PREFIX) if path.startswith(PREFIX) else ""
    taken = list[str]()
    for names in (POLES, SITES, *((name,) for name in MODULES)):
        found = next((name for name in names if f"{rest}-".startswith(f"{name}-")), None)
        if found is not None:
            rest = rest.removeprefix(found).removeprefix("-")
        taken.append(found or "")
    pole, site, *modules = taken
    if rest or not pole:
        return None
    return Wish(pole=pole, site=site or None, modules=tuple(filter(None, modules)))


def _of_layers(session: Session, wish: Wish) -> Path:
    layers = layers_of(wish.pole or "", wish.site, wish.modules)
    modules = tuple(each.layer for each in layers if each.kind is Kind.MODULE)
    shipped = composed(wish.pole or "", wish.site, modules)
    chosen = choose(session, shipped)
    return Path(chosen, wish.pole, wish.site, modules, chosen.canton or shipped.canton)


def _published(session: Session, name: str) -> Template:
    try:
        return find_published(session, name).content
    except NotFoundError as err:
        known = [*PATHS, *(template.id for template in composed_paths())]
        raise _no_path(name, known) from err


def _no_path(name: str, names: Iterable[str]) -> NotFoundError:
    listed = list(names)
    return NotFoundError(
        _("there is no path {name}").format(name=repr(name)),
        hint=did_you_mean(name, listed, otherwise=" ".join(listed)),
    )
