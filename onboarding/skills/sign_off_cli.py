"""opskit onboarding sign-off, withdraw-sign-off: who may do what alone."""

from typing import Annotated

import typer

from onboarding.skills.options import CompetenceArgument, EvidenceOption, NameArgument
from opskit.core.cliapp import context, examples, group
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import say, show_json

app = group(_("Sign people off for what they may do alone."))


@app.command(
    "sign-off",
    help=_(
        "Say, as mentor, manager or admin, that somebody may do something alone; why, or with "
        "which evidence."
    ),
    epilog=examples(
        'opskit onboarding sign-off "Camille Perret" patch-preparation '
        '--reason "prepared three with me"',
        "opskit onboarding sign-off cperret payroll-patch --evidence P7 --until 2027-12-31",
    ),
)
def sign_off(
    ctx: typer.Context,
    name: NameArgument,
    competence: CompetenceArgument,
    reason: Annotated[str | None, typer.Option("--reason", help=_("Why, in a few words."))] = None,
    evidence: EvidenceOption = None,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="DATE", help=_("The last day on which it counts.")),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    from onboarding.skills import signing_off
    from onboarding.skills.people import find_learner
    from opskit.core.dates import parse_date

    run = context(ctx)
    today = run.today()
    last = None if until is None else parse_date(until, today=today)
    actor = run.identity()
    with run.transaction() as session:
        learner = find_learner(session, name)
        row = signing_off.sign_off(
            session,
            learner=learner,
            competence=competence,
            reason=reason,
            evidence=tuple(evidence or ()),
            until=last,
            on=today,
            at=run.now(),
            actor=actor,
        )
    if as_json:
        show_json(
            {
                "login": learner.person.login,
                "competence": row.competence,
                "signed_on": row.signed_on,
                "until": row.until,
                "evidence": list(row.evidence),
            }
        )
        return
    told = (
        _("{name} is signed off for {competence}")
        if row.until is None
        else _("{name} is signed off for {competence} until {day}")
    )
    say(told.format(name=learner.person.name, competence=row.competence, day=row.until))


@app.command(
    "withdraw-sign-off",
    help=_("Let a sign-off count no more from today on."),
    epilog=examples(
        'opskit onboarding withdraw-sign-off cperret patch-preparation --reason "a year away"'
    ),
)
def withdraw_sign_off(
    ctx: typer.Context,
    name: NameArgument,
    competence: CompetenceArgument,
    reason: Annotated[str, typer.Option("--reason", help=_("Why, in a few words."))],
    as_json: JsonOption = False,
) -> None:
    from onboarding.skills import signing_off
    from onboarding.skills.people import find_learner

    run = context(ctx)
    actor = run.identity()
    with run.transaction() as session:
        learner = find_learner(session, name)
        rows = signing_off.withdraw(
            session,
            learner=learner,
            competence=competence,
            reason=reason,
            on=run.today(),
            at=run.now(),
            actor=actor,
        )
    if as_json:
        facts = {"login": learner.person.login, "competence": rows[0].competence}
        show_json({**facts, "withdrawn": len(rows)})
    else:
        say(
            _("{name} is signed off for {competence} no more").format(
                name=learner.person.name, competence=rows[0].competence
            )
        )
