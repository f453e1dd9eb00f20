"""`license register verify` against the bare Ed25519 verification of the same signatures, and the
pages of `license list` and `show` against the bare SQL query, on SQLite and PostgreSQL.

The register is made through the real formats, with keys in memory. Exit code 1 when something is
slower than its limit. Arguments: how many licences (by default 100000; a million takes
half an hour), then `single` for three events a licence instead of two a thousand.
"""

import sys


def main() -> int:
    from benchmarks.register_speed import measure  # not above: each worker imports this module

    return measure(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
