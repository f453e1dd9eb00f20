"""A sample of `benchmarks.kills`: killed at random instants, typed again, nothing lost or twice."""

from pathlib import Path
from random import Random

from benchmarks.kills import Stress
from tests.support.home import House

MOST_SINGLES = 8


def test_killed_at_random_instants(own_house: House, tmp_path: Path) -> None:
    stress = Stress(own_house, tmp_path, Random(), tries=1)
    stress.batch(4)
    for _ in range(MOST_SINGLES):  # by chance a command may be done each time before its moment
        stress.single()
        if stress.kills:
            break
    stress.check()
    assert stress.kills.total() > 0
