"""The checklist of somebody's last day."""

from functools import cache
from importlib.resources import files

from opskit.checklists.templates import Template, load_template

FILE = "leaving.yaml"
SAFE_CLOSED, READS_KNOWN = "safe-closed", "reads-known"
"""The steps that `leave` settles by itself."""


@cache
def leaving_template() -> Template:
    text = files("onboarding.leaving").joinpath(FILE).read_text(encoding="utf-8")
    return load_template(text, source=FILE)
