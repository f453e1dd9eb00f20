from opskit.patches.campaigns.bottlenecks import Bottleneck, StepTally, bottlenecks

DATE = StepTally(
    "date-confirmed", "Date confirmed in writing", "agent", 8, waiting={"client": 8}, late=3
)
LICENSE = StepTally("license-version", "The licence covers the version", "sales", 3, failed=1)
GO = StepTally("go-no-go", "Go/no-go", "manager", 18, submitted=11)
QUIET = StepTally("closing", "Closing", "agent", 19)


def test_the_worst_first_and_of_equals_the_earlier_step() -> None:
    assert bottlenecks([LICENSE, DATE, GO, QUIET]) == [
        Bottleneck(
            "date-confirmed",
            11,
            '11 clients are stuck at "Date confirmed in writing": '
            "waits for the client 8, late (agent) 3",
        ),
        Bottleneck(
            "go-no-go", 11, '11 clients are stuck at "Go/no-go": waits for a second person 11'
        ),
        Bottleneck(
            "license-version",
            1,
            '1 client is stuck at "The licence covers the version": failed 1',
        ),
    ]


def test_nothing_is_stuck() -> None:
    assert bottlenecks([QUIET]) == []


def test_whom_a_step_waits_for() -> None:
    step = StepTally("a", "A", "agent", 1, waiting={"rnd": 2, "expert": 1, "auditor": 1})
    assert bottlenecks([step])[0].text == (
        '4 clients are stuck at "A": waits for auditor 1, waits for an expert 1, waits for R&D 2'
    )
