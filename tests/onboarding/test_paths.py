"""Which path a walk begins with: a template by name, layers, or what the team published."""

from datetime import UTC, datetime

import msgspec
import pytest
from sqlalchemy.orm import Session

from onboarding.errors import LayerInvalidError
from onboarding.layers import Kind, compose
from onboarding.paths import Wish, choose_path, composed, layers_of, load_layer
from opskit.checklists.services.publishing import release, retire
from opskit.core.errors import ConflictError, NotFoundError, UsageProblemError
from tests.onboarding.walking import BOSS

AT = datetime(2027, 1, 4, tzinfo=UTC)
LAYERS = Wish(pole="back-office", site="lausanne", modules=("remote",))


def test_layers_become_a_path_with_the_canton_of_the_site(session: Session) -> None:
    path = choose_path(session, LAYERS)
    assert path.template.name == "path-back-office-lausanne-remote/2"
    assert (path.pole, path.site, path.modules) == ("back-office", "lausanne", ("remote",))
    assert path.canton == "VD"
    assert choose_path(session, Wish(path="path-back-office-lausanne-remote")) == path


def test_a_path_of_one_file_has_no_site(session: Session) -> None:
    path = choose_path(session, Wish(path="logistics"))
    assert (path.template.name, path.pole, path.site) == ("logistics/3", "logistics", None)
    assert path.canton is None


def test_what_the_team_published_wins(session: Session) -> None:
    shipped = composed("back-office", "lausanne", ("remote",))
    own = msgspec.structs.replace(shipped, version=7, steps=shipped.steps[:5])
    release(session, own, at=AT, actor=BOSS)
    assert choose_path(session, LAYERS).template.digest == own.digest
    retire(session, template_id=own.id, version=7, at=AT, actor=BOSS, reason="too short")
    assert choose_path(session, LAYERS).template.digest == shipped.digest


def test_a_path_of_the_teams_own(session: Session) -> None:
    own = msgspec.structs.replace(composed("logistics", None), id="path-neuchatel")
    with pytest.raises(NotFoundError, match="there is no path 'path-neuchatel'"):
        choose_path(session, Wish(path="path-neuchatel"))
    release(session, own, at=AT, actor=BOSS)
    path = choose_path(session, Wish(path="path-neuchatel"))
    assert path.canton is None
    assert (path.template.name, path.pole, path.site) == ("path-neuchatel/2", None, None)


def test_a_path_with_a_layer_of_the_teams_own_keeps_pole_and_canton(session: Session) -> None:
    site = msgspec.structs.replace(
        load_layer(Kind.SITE, "lausanne"), layer="neuchatel", canton="NE", version=1
    )
    own = compose([*layers_of("logistics", None), site])
    release(session, own, at=AT, actor=BOSS)
    path = choose_path(session, Wish(path="path-logistics-neuchatel"))
    assert (path.template.name, path.pole, path.site) == (
        "path-logistics-neuchatel/2", "logistics", None,
    )  # fmt: skip
    assert (path.canton, path.template.canton) == ("NE", "NE")


def test_every_version_is_retired(session: Session) -> None:
    shipped = composed("back-office", "lausanne", ("remote",))
    release(session, shipped, at=AT, actor=BOSS)
    retire(session, template_id=shipped.id, version=shipped.version, at=AT, actor=BOSS, reason="no")
    with pytest.raises(ConflictError, match="is retired"):
        choose_path(session, LAYERS)


@pytest.mark.parametrize(
    "wish",
    [
        Wish(),
        Wish(path="logistics", pole="logistics"),
        Wish(path="logistics", site="sonceboz"),
        Wish(site="sonceboz"),
        Wish(modules=("remote",)),
    ],
)
def test_either_a_path_or_layers(session: Session, wish: Wish) -> None:
    with pytest.raises(UsageProblemError, match="either a path"):
        choose_path(session, wish)


def test_a_module_of_the_other_pole(session: Session) -> None:
    with pytest.raises(LayerInvalidError, match="withholding-tax: it goes with back-office"):
        choose_path(session, Wish(pole="logistics", modules=("withholding-tax",)))


def test_an_unknown_path_names_the_nearest(session: Session) -> None:
    with pytest.raises(NotFoundError) as caught:
        choose_path(session, Wish(path="path-back-ofice-sonceboz"))
    assert "path-back-office-sonceboz" in caught.value.hint
