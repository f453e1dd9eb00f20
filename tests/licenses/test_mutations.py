"""A sample of `python -m benchmarks.mutations`, which changes a million keys."""

import random

from benchmarks.mutations import FORMS, is_refused, mutated


def test_no_mutated_key_is_accepted() -> None:
    chance = random.Random(7)
    refused = [is_refused(mutated(chance, FORMS[number % 4])) for number in range(4000)]
    assert sum(refused) > 3000
