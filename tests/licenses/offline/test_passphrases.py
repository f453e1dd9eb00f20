"""A passphrase of the kit withstands whoever carries the file away."""

import pytest

from licenses.offline.passphrases import require_different, require_strong
from opskit.core.errors import InvalidError
from opskit.core.secret import Secret


@pytest.mark.parametrize("good", ["violet anchors hum softly", "x" * 80])
def test_good_ones(good: str) -> None:
    require_strong(Secret(good), "Anna Keller")


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("elevenchars", "the passphrase of Anna Keller is too short: 11 characters"),
        ("password1234", "the passphrase of Anna Keller is one of the first that a guesser tries"),
        ("AnnaKeller2026", "the passphrase of Anna Keller is one of the first"),
    ],
)
def test_bad_ones(bad: str, why: str) -> None:
    with pytest.raises(InvalidError, match=why) as caught:
        require_strong(Secret(bad), "Anna Keller")
    assert caught.value.hint == "at least 12 characters: four words that have nothing in common"
    assert bad not in str(caught.value)


def test_one_passphrase_for_two() -> None:
    same = "violet anchors hum softly"
    with pytest.raises(InvalidError, match="both passphrases are the same"):
        require_different((Secret(same), Secret(same)))
