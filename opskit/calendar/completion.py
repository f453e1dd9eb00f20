"""Cantons for the shell."""

from opskit.core.business_days import CANTONS
from opskit.core.completion import choices

complete_canton = choices(CANTONS)
