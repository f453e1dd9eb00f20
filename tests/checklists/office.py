"""A list of its own, for the commands: moving into another office."""

from itertools import count
from pathlib import Path

from tests.support.home import House

OFFICE = """\
id: office-move
version: 1
title: {fr: Déménagement du bureau, en: Office move}
anchor: moving-day
phases:
  - {key: prepare, title: {fr: Préparation, en: Preparation}}
  - {key: move, title: {fr: Jour du déménagement, en: Moving day}, mode: read-do}
  - {key: after, title: {fr: Après, en: Afterwards}}
steps:
  - key: space
    text: {fr: Place mesurée, en: Space measured}
    phase: prepare
    owner: agent
    due: -10bd
    evidence: value
  - key: movers
    text: {fr: Déménageurs engagés, en: Movers hired}
    phase: prepare
    owner: agent
    due: -10bd
  - key: lift
    text: {fr: Monte-charge réservé, en: Lift reserved}
    phase: prepare
    owner: agent
    due: -8bd
    mandatory: false
  - key: keys
    text: {fr: Clés reçues, en: Keys received}
    phase: prepare
    owner: agent
    due: -5bd
  - key: insurance
    text: {fr: Assurance conclue, en: Insurance taken out}
    phase: prepare
    owner: agent
    due: keys +2bd
    evidence: file
    mandatory: false
  - key: go
    text: {fr: Décision de déménager, en: Decision to move}
    phase: prepare
    owner: manager
    due: -1bd
    gate: go
  - key: unload
    text: {fr: Camion déchargé, en: Lorry unloaded}
    phase: move
    owner: agent
    due: 0bd
    needs: [go]
  - key: unpack
    text: {fr: Cartons déballés, en: Boxes unpacked}
    phase: move
    owner: agent
    due: 0bd
    mandatory: false
  - key: closing
    text: {fr: Anciens locaux rendus, en: Old office handed over}
    phase: after
    owner: manager
    due: +5bd
    needs: [unload]
    evidence: text
    gate: close
"""
SECOND = OFFICE.replace("version: 1", "version: 2").replace(
    "en: Keys received}", "en: Keys and badges received}"
)

_houses = count(1)


def write(folder: Path, text: str = OFFICE, name: str = "office-move.yaml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def begun(house: House, folder: Path, *more: str, as_user: str = "bob") -> str:
    """The number of a new list, such as `K7`; that person is logged in afterwards."""
    house.login("alice")
    house.done("checklist", "template", "publish", write(folder))
    words = ("--subject", f"Office {next(_houses)}", "--on", "2035-03-01", *more)
    return house.done("checklist", "start", "office-move/1", *words, as_user=as_user).out.strip()


def publish_second(house: House, folder: Path) -> None:
    """A later version, in which the keys are asked for in other words; whoever sits stays."""
    second = write(folder, SECOND, "second.yaml")
    house.done("checklist", "template", "publish", second, as_user="alice")
    house.login("bob")
