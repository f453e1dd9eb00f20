"""The arguments and options that the commands of the skills share."""

from typing import Annotated

import typer

from onboarding.skills.completion import complete_competence
from opskit.core.i18n import _
from opskit.staff.completion import complete_login

NameArgument = Annotated[
    str,
    typer.Argument(
        metavar="NAME",
        autocompletion=complete_login,
        help=_("Name, login, or number of the path (O3)."),
    ),
]
CompetenceArgument = Annotated[
    str,
    typer.Argument(
        metavar="COMPETENCE",
        autocompletion=complete_competence,
        help=_("What for: patch-preparation, payroll-patch, on-call."),
    ),
]
EvidenceOption = Annotated[
    list[str] | None,
    typer.Option(
        "--evidence",
        metavar="KEY",
        help=_("A ticket, a patch run (P7) or a link; may be given several times."),
    ),
]
