"""A small template, runs of it, and checks that say what they are told to."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from opskit.checklists import services
from opskit.checklists.checks import CheckSubject, Finding, Verdict
from opskit.checklists.models import Run
from opskit.checklists.templates import Template, load_template
from opskit.core.business_days import PUBLIC
from opskit.core.identity import Identity

ON = date(2027, 1, 4)
AT = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)
ANCHOR = date(2027, 1, 20)

ALICE = Identity("e-alice", "alice", frozenset({"agent"}))
BOB = Identity("e-bob", "bob", frozenset({"manager"}))

SMALL = """\
id: small
version: 1
title: {fr: Petite liste, en: Small list}
anchor: patch-date
phases:
  - {key: before, title: {fr: Avant, en: Before}}
  - {key: after, title: {fr: Après, en: After}}
steps:
  - key: license
    text: {fr: La licence est valable, en: The licence is valid}
    phase: before
    owner: sales
    due: -10bd
    check: license.valid
  - key: note
    text: {fr: Remarque facultative, en: Optional note}
    phase: before
    owner: agent
    due: -10bd
    mandatory: false
  - key: backup
    text: {fr: Sauvegarde confirmée, en: Backup confirmed}
    phase: before
    owner: agent
    due: -1bd
    needs: [license, note]
    evidence: value
  - key: rerun
    text: {fr: Licence contrôlée à nouveau, en: Licence checked again}
    phase: before
    owner: agent
    due: -1bd
    needs: [backup]
    check: [license.valid, safe.ready]
    recheck: before-go
  - key: go
    text: {fr: Décision, en: Decision}
    phase: after
    owner: manager
    due: 0bd
    needs: [rerun]
    approval: other-person
"""


BEGINNING = services.Beginning(
    subject="DELEZE",
    client="DELEZE",
    facts={"version": "12.4"},
    anchor_on=ANCHOR,
    canton="BE",
)


def small_template() -> Template:
    return load_template(SMALL, "small.yaml")


def start_small(
    session: Session,
    *,
    template: Template | None = None,
    kind: str = "patch",
    letter: str = "P",
    actor: Identity = ALICE,
    ticket: str | None = None,
    **changes: Any,
) -> Run:
    """A run of alice's about DELEZE; `changes` are those of its beginning."""
    return services.start(
        session,
        replace(BEGINNING, **changes),
        kind=kind,
        letter=letter,
        template=template or small_template(),
        calendar=PUBLIC,
        at=AT,
        actor=actor,
        ticket=ticket,
    )


@dataclass
class Registers:
    """Stands for the registers that checks ask: each name answers with the finding put there."""

    findings: dict[str, Finding | Exception] = field(default_factory=dict)
    asked: list[tuple[str, CheckSubject]] = field(default_factory=list)

    def answer(self, name: str, verdict: Verdict, fresh_until: date | None = None) -> None:
        self.findings[name] = Finding(verdict, f"{name} {verdict}", fresh_until)

    def checks(self) -> Mapping[str, Any]:
        return {name: self._check(name) for name in self.findings}

    def _check(self, name: str) -> Any:
        def check(about: CheckSubject) -> Finding:
            self.asked.append((name, about))
            found = self.findings[name]
            if isinstance(found, Exception):
                raise found
            return found

        return check


def all_green() -> Registers:
    registers = Registers()
    registers.answer("license.valid", Verdict.OK)
    registers.answer("safe.ready", Verdict.OK)
    return registers


def check(session: Session, run: Run, registers: Registers, on: date = ON) -> dict[str, str]:
    """Run the checks; the states of all steps afterwards."""
    findings = services.ask_checks(run, checks=registers.checks(), on=on)
    services.enter_findings(session, run=run, findings=findings, on=on, at=AT, actor=ALICE)
    return states(run)


def tick(
    session: Session,
    run: Run,
    key: str,
    *,
    answer: str | None = None,
    on: date = ON,
    actor: Identity = ALICE,
) -> None:
    services.tick(
        session, run=run, key=key, answer=answer, ticket="CS-7", on=on, at=AT, actor=actor
    )


def states(run: Run) -> dict[str, str]:
    return {step.key: step.state for step in run.steps}
