"""The page that explains templates shows a sound one."""

import re
from pathlib import Path

import yaml

from opskit.checklists.conditions import parse_condition
from opskit.checklists.template_parts import Phase, StepTemplate
from opskit.checklists.templates import load_template

PAGE = (Path(__file__).parents[2] / "docs/checklists.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def test_the_sample_is_a_sound_template() -> None:
    template = load_template(BLOCKS[0], "docs/checklists.md")
    assert template.needs["interfaces-tested"] == ("customizations",)
    assert template.needs["go"] == ("contract-active", "interfaces-tested", "backup")


def test_every_condition_can_be_read() -> None:
    lines = BLOCKS[1].splitlines()
    assert len(lines) == 5
    for line in lines:
        assert parse_condition(yaml.safe_load(line)["when"]).names


def test_every_key_is_explained() -> None:
    cells = re.findall(r"^\| (.*?) \|", PAGE, re.MULTILINE)
    explained = set(re.findall(r"`([a-z_]+)`", " ".join(cells)))
    assert explained >= {*StepTemplate.__struct_fields__, *Phase.__struct_fields__}
