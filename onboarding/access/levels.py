"""How far access has grown, and which milestones open the next part: pure, from a YAML file."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Annotated

import msgspec

from onboarding.access.errors import LevelsInvalidError
from onboarding.access.level import GROWING, Level
from opskit.checklists.template_parts import Key
from opskit.checklists.yaml_reader import YamlProblemError, read_yaml
from opskit.core.config import Home
from opskit.core.errors import NotFoundError, OpsError
from opskit.core.i18n import _
from opskit.core.system_errors import reason_of
from opskit.core.text import did_you_mean

SHIPPED = "levels.yaml"
OWN = "access-levels.yaml"


_Steps = Annotated[tuple[Key, ...], msgspec.Meta(min_length=1)]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """The form of the file."""

    sandbox: _Steps
    read_only: _Steps
    pole: _Steps


@dataclass(frozen=True, slots=True)
class Levels:
    """The keys of the steps that open each level."""

    steps: Mapping[Level, tuple[str, ...]]

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(key for keys in self.steps.values() for key in keys)

    def earned(self, signed: Collection[str]) -> Level:
        """The highest level whose milestones, and those of the levels before, are signed."""
        reached = Level.NONE
        for level in GROWING:
            if not set(self.steps[level]) <= set(signed):
                break
            reached = level
        return reached


def parse_level(text: str) -> Level:
    """A level that can be given.

    Raises:
        NotFoundError: there is no such level; the hint names the nearest.
    """
    typed = text.strip().lower()
    if typed not in GROWING:
        raise NotFoundError(
            _("there is no access level {level}").format(level=repr(text)),
            hint=did_you_mean(typed, GROWING, otherwise=" ".join(GROWING)),
        )
    return Level(typed)


def load_levels(home: Home) -> Levels:
    """The team's own file in the home, else the one that comes with opskit.

    Raises:
        LevelsInvalidError: the team's own breaks a rule, or cannot be read.
    """
    own = home.folder / OWN
    try:
        text = own.read_text(encoding="utf-8")
    except FileNotFoundError:
        shipped = files("onboarding.access").joinpath(SHIPPED)
        return read_levels(shipped.read_text(encoding="utf-8"), SHIPPED)
    except OSError as err:
        raise _invalid(str(own), reason_of(err)) from err
    except UnicodeDecodeError as err:
        raise _invalid(str(own), _("not UTF-8 text")) from err
    return read_levels(text, str(own))


def read_levels(text: str, source: str) -> Levels:
    """The levels in a file; `source` is its name, for the messages.

    Raises:
        LevelsInvalidError: no YAML, an unknown or missing level, one without a step, no key of a
            step, or one that stands twice.
    """
    try:
        found = msgspec.convert(read_yaml(text).content, _File)
    except YamlProblemError as err:
        raise _invalid(source, err.reason) from err
    except msgspec.ValidationError as err:
        raise _invalid(source, str(err)) from err
    steps: dict[Level, tuple[str, ...]] = {
        Level.SANDBOX: found.sandbox,
        Level.READ_ONLY: found.read_only,
        Level.POLE: found.pole,
    }
    named = [key for keys in steps.values() for key in keys]
    for key in named:
        if named.count(key) > 1:
            raise _invalid(source, _("the step {key} is named twice").format(key=key))
    return Levels(steps)


def _invalid(source: str, reason: str) -> OpsError:
    return LevelsInvalidError(
        _("{file}: {reason}").format(file=source, reason=reason),
        hint=_("three levels, each with the keys of steps: sandbox, read-only, pole"),
    )
