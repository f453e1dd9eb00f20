"""What can go wrong with a checklist."""

from opskit.core.errors import ConflictError, DeniedError, InvalidError


class TemplateInvalidError(InvalidError):
    """The template file breaks a rule; the message names file, line and key."""

    reference = "template-invalid"


class TemplateChangedError(ConflictError):
    """A published version was edited; a change needs a new version number."""

    reference = "template-changed"


class StepBlockedError(ConflictError):
    """The step waits for others; the message names them."""

    reference = "step-blocked"


class StepChecksItselfError(ConflictError):
    """The step is answered by its check, not by hand."""

    reference = "step-checks-itself"


class RunClosedError(ConflictError):
    """Every step is settled and the run is closed; reopen a step to go on."""

    reference = "run-closed"


class EvidenceError(InvalidError):
    """The step demands evidence, and the answer is none."""

    reference = "evidence"


class ReasonMissingError(InvalidError):
    """Leaving a step out needs a reason."""

    reference = "reason-missing"


class SecondPersonError(DeniedError):
    """Somebody else than the person whose run it is has to decide."""

    reference = "second-person"
