"""What is kept of requests for a signature: found again, and gone once its time is over."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from opskit.core.secret import Secret
from vault.countersigning.keeping import KeptRequests, Waiting
from vault.login.tokens import FileTokens

AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Place:
    """The kept requests of one machine, at a moment."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, AT
        self.kept = KeptRequests(lambda name: FileTokens(folder, name), lambda: self.now)

    def keep(self, digest: str, *, ends: datetime) -> None:
        self.kept.keep(digest, Waiting(Secret(f"s.{digest}"), f"accessor-{digest}", ends))

    def files(self) -> int:
        return len(list(self.folder.iterdir()))

    def found(self, *digests: str) -> list[str]:
        return [each for each in digests if self.kept.load(each) is not None]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_a_request_is_found_again(place: Place) -> None:
    assert place.kept.load("a") is None
    place.keep("a", ends=AT + HOUR)
    found = place.kept.load("a")
    assert found is not None
    assert (found.token.reveal(), found.accessor, found.ends_at) == (
        "s.a",
        "accessor-a",
        AT + HOUR,
    )
    place.kept.forget("a")
    assert (place.found("a"), place.files()) == ([], 0)


def test_those_that_nobody_agreed_to_are_swept_with_the_next(place: Place) -> None:
    for number in range(3):
        place.keep(f"old-{number}", ends=AT + HOUR)
    place.keep("longer", ends=AT + 3 * HOUR)
    assert place.files() == 5  # and the list of them
    place.now = AT + HOUR
    place.keep("next", ends=place.now + HOUR)
    assert place.found("old-0", "old-1", "old-2", "longer", "next") == ["longer", "next"]
    assert place.files() == 3
    for each in ("longer", "next"):
        place.kept.forget(each)
    assert place.files() == 0


def test_asked_again_it_lives_as_long_as_the_later_one(place: Place) -> None:
    place.keep("a", ends=AT + HOUR)
    place.now = AT + HOUR
    place.keep("a", ends=place.now + HOUR)
    place.keep("b", ends=place.now + HOUR)
    assert place.found("a", "b") == ["a", "b"]


def test_a_list_that_somebody_else_wrote_is_begun_anew(place: Place) -> None:
    FileTokens(place.folder, "signatures").save(Secret("what is this"))
    place.keep("a", ends=AT + HOUR)
    assert place.found("a") == ["a"]
    FileTokens(place.folder, "signature a").save(Secret("no request"))
    assert place.found("a") == []
