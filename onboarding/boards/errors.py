"""The documented failures of the boards."""

from opskit.core.errors import DeniedError


class CohortTooSmallError(DeniedError):
    """A figure about so few people would be one about somebody."""

    reference = "cohort-too-small"
