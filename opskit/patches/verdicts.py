"""Findings in one word."""

from datetime import date

from opskit.checklists.checks import Finding, Verdict


def ok(proof: str, fresh_until: date | None = None) -> Finding:
    return Finding(Verdict.OK, proof, fresh_until)


def failed(proof: str) -> Finding:
    return Finding(Verdict.FAILED, proof)
