"""How a report is written; apart, so that `--help` loads nothing else."""

from enum import StrEnum


class Form(StrEnum):
    """A table is what people read; in a pipe its columns are separated by tabs."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
