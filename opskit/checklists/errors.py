"""What can go wrong with a checklist."""

from opskit.core.errors import (
    CheckFailedError,
    ConflictError,
    DeniedError,
    InvalidError,
)


class TemplateInvalidError(InvalidError):
    """The template file breaks a rule; the message names file, line and key."""

    reference = "template-invalid"


class TemplateChangedError(ConflictError):
    """A published version was edited; a change needs a new version number."""

    reference = "template-changed"


class TemplateTamperedError(CheckFailedError):
    """A published template was altered in the database; its digest no longer fits."""

    reference = "template-tampered"


class StepBlockedError(ConflictError):
    """The step waits for others; the message names them."""

    reference = "step-blocked"


class StepChecksItselfError(ConflictError):
    """The step is answered by its check, not by hand."""

    reference = "step-checks-itself"


class StepDecidesError(ConflictError):
    """The step is a decision of its own: go, no-go or close, not a tick."""

    reference = "step-decides"


class RunClosedError(ConflictError):
    """The run is closed or cancelled; reopen it to go on."""

    reference = "run-closed"


class StepsOpenError(CheckFailedError):
    """Steps that must be settled before the decision are not; the message names them."""

    reference = "steps-open"


class EvidenceError(InvalidError):
    """The step demands evidence, and the answer is none."""

    reference = "evidence"


class EvidenceAlteredError(CheckFailedError):
    """A file that was given as evidence was altered in the database."""

    reference = "evidence-altered"


class ReasonMissingError(InvalidError):
    """Leaving a step out needs a reason."""

    reference = "reason-missing"


class SecondPersonError(DeniedError):
    """Somebody else than the person whose run it is has to decide."""

    reference = "second-person"
