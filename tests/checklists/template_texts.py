"""Template files in a few words: a head, and steps that say only what a test is about."""

HEAD = """\
id: list
version: 1
title: {fr: Liste, en: List}
anchor: day
phases:
  - {key: first, title: {fr: Un, en: One}}
  - {key: then, title: {fr: Deux, en: Two}, mode: read-do}
steps:
"""


def step(key: str, *lines: str, phase: str = "first", due: str = "0bd") -> str:
    head = f"  - key: {key}\n    text: {{fr: {key} en français, en: {key}}}\n"
    rules = "".join(f"    {line}\n" for line in lines)
    return f"{head}    phase: {phase}\n    owner: agent\n    due: {due}\n{rules}"
