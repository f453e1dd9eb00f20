"""Each signature of the audit log is looked for in the register, by its HMAC.

The server tells the HMAC of one message a request, so the licences of the log's own time come
first, and others only while something is unexplained.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from licenses.witnessing import known
from licenses.witnessing.findings import Comparison, Doubt, Finding
from licenses.witnessing.known import Known
from opskit.core.context import AppContext
from opskit.core.signings import KeyUse, SigningLog, Use

SLACK = timedelta(minutes=5)
"""By so much two clocks may differ, or a licence be registered after it was signed."""

Step = Callable[[int], None]


def compare(
    run: AppContext,
    uses: Sequence[KeyUse],
    log: SigningLog,
    *,
    begun: datetime | None,
    device: str,
    step: Step = lambda _count: None,
) -> Comparison:
    """Hold what the log says since `begun` against the register; `step` counts the licences.

    `begun` is None for a log without a readable line, which licences cannot be held against.

    Raises:
        NotFoundError: the server has no such audit device. DeniedError, UnavailableError.
    """
    others = [_finding(use) for use in uses if use.use is not Use.SIGNED]
    signed = [use for use in uses if use.use is Use.SIGNED]
    if begun is None:
        return Comparison(0, 0, 0, tuple(others))
    unexplained, licenses, doubtful = _Unexplained(signed), 0, list[Finding]()
    for page in known.issued_since(run, begun):
        for each, use in unexplained.account_for(page, log, device):
            if use is None and each.at is not None and each.at > begun + SLACK:
                doubtful.append(Finding(Doubt.NO_TRACE, each.name))
        licenses += len(page)
        step(len(page))
    for page in known.issued_before(run, begun):
        if not unexplained:
            break
        unexplained.account_for(page, log, device)
    for page in known.drafted(run):
        if not unexplained:
            break
        found = unexplained.account_for(page, log, device)
        doubtful += [Finding(Doubt.NOT_ISSUED, each.name, use) for each, use in found if use]
    doubtful += unexplained.findings()
    explained = unexplained.count - sum(each.count for each in doubtful if each.use)
    return Comparison(unexplained.count, explained, licenses, (*others, *doubtful))


class _Unexplained:
    """The signatures of a log that nothing accounts for yet; false once there is none left."""

    def __init__(self, signed: Sequence[KeyUse]) -> None:
        self.count = sum(len(use.inputs) for use in signed)
        self._signed = signed
        self._uses = {each: use for use in signed for each in use.inputs}

    def __bool__(self) -> bool:
        return bool(self._uses)

    def account_for(
        self, page: Sequence[Known], log: SigningLog, device: str
    ) -> list[tuple[Known, KeyUse | None]]:
        """Each with how it was signed; None where the log does not have it."""
        hashes = log.hashed([each.message for each in page], device=device)
        return [
            (each, self._uses.pop(hashed, None)) for each, hashed in zip(page, hashes, strict=True)
        ]

    def findings(self) -> Iterator[Finding]:
        """One a use of a key, with the number of its signatures that nothing explains."""
        for use in self._signed:
            count = sum(each in self._uses for each in use.inputs)
            if count:
                yield Finding(Doubt.NOT_REGISTERED, use=use, count=count)


def _finding(use: KeyUse) -> Finding:
    exported = use.use is Use.EXPORTED
    return Finding(Doubt.EXPORTED if exported else Doubt.UNREADABLE, use=use)
