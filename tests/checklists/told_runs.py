"""A run to which everything has happened that a page or a paper can tell."""

from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from opskit.checklists import services
from opskit.checklists.checks import Finding, Verdict
from opskit.checklists.models import Run
from opskit.checklists.templates import Template, load_template
from tests.checklists.samples import ALICE, AT, BOB, ON, start_small, tick

NAMES = {
    "e-alice": "Alice Martin",
    "e-bob": "Bob Rey",
    "alice": "Alice Martin",
    "bob": "Bob Rey",
}

RICH = """\
id: rich
version: 3
title: {fr: Préparation, en: Preparation, de: Vorbereitung}
anchor: patch-date
phases:
  - {key: before, title: {fr: Avant, en: Before, de: Vorher}}
  - {key: eve, title: {fr: La veille, en: The day before, de: Am Vortag}, mode: read-do}
steps:
  - key: license
    text: {fr: La licence est valable, en: The licence is valid, de: Die Lizenz ist gültig}
    phase: before
    owner: sales
    due: -10bd
    check: license.valid
  - key: access
    text: {fr: L'accès existe, en: The access exists, de: Der Zugang besteht}
    phase: before
    owner: safe-keeper
    due: -10bd
    check: safe.ready
  - key: confirmed
    text: {fr: Date confirmée, en: Date confirmed, de: Termin bestätigt}
    phase: before
    owner: agent
    due: -9bd
    evidence: text
  - key: deputy
    text: {fr: Remplaçant nommé, en: Deputy named}
    phase: before
    owner: agent
    due: -9bd
  - key: canton
    text: {fr: Jour férié pris en compte, en: Holiday taken into account}
    phase: before
    owner: agent
    due: -9bd
    when: client.canton == "NE"
  - key: questionnaire
    text: {fr: Questionnaire rempli, en: Questionnaire filled in, de: Fragebogen ausgefüllt}
    phase: before
    owner: client
    due: -8bd
  - key: backup
    text: {fr: Sauvegarde confirmée, en: Backup confirmed, de: Datensicherung bestätigt}
    phase: before
    owner: agent
    due: -2bd
    evidence: file
  - key: reviewed
    text: {fr: Plan relu, en: Plan reviewed, de: Plan geprüft}
    phase: eve
    owner: manager
    due: -1bd
    approval: other-person
  - key: go
    text: {fr: Décision, en: Decision, de: Entscheid}
    phase: eve
    owner: manager
    due: -1bd
    gate: go
"""


def rich_template() -> Template:
    return load_template(RICH, "rich.yaml")


def rich_run(session: Session, folder: Path) -> Run:
    """As it stands on 2027-01-08: the licence has lapsed, the client has not answered."""
    run = start_small(
        session, template=rich_template(), about={"client": {"canton": "BE"}}, assignee="bob"
    )
    findings = {
        "license.valid": Finding(Verdict.OK, "L7 covers 12.4", date(2027, 1, 6)),
        "safe.ready": Finding(Verdict.FAILED, "DELEZE/prod/vpn was refused"),
    }
    services.enter_findings(session, run=run, findings=findings, on=ON, at=AT, actor=ALICE)
    services.wait(
        session,
        run=run,
        key="confirmed",
        awaited=services.Awaited.CLIENT,
        nudge_on=date(2027, 1, 7),
        reason="Monday or Tuesday?",
        on=ON,
        at=AT,
        actor=ALICE,
        ticket="CS-8",
    )
    services.waive(
        session,
        run=run,
        key="deputy",
        reason="the landlord does it",
        until=date(2027, 1, 31),
        at=AT,
        actor=BOB,
    )
    log = folder / "backup.log"
    log.write_text("22:10 84 GB")
    tick(session, run, "backup", answer=str(log))
    tick(session, run, "reviewed")
    services.comment(
        session, run=run, key=None, text="call on Monday", at=AT, actor=BOB, ticket="CS-8"
    )
    services.comment(session, run=run, key="3", text="asked\ntwice", at=AT, actor=ALICE)
    session.flush()
    return run


def local(moment: datetime = AT) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")
