"""`license register verify` against the bare Ed25519 verification of the same signatures, and the
pages of `license list`, `show` and `expiring` against the bare SQL query, on SQLite and PostgreSQL.

The register is made through the real formats, with keys in memory. Exit code 1 when something is
slower than its limit. A million licences take half an hour and 3 GB of memory:

    python -m benchmarks.license_register
    python -m benchmarks.license_register --single 100 --rounds 5
    python -m benchmarks.license_register 100000 300000 1000000 --rounds 1 --only sqlite
"""

import argparse
import sys


def main() -> int:
    from benchmarks.register_speed import measure  # not above: each worker imports this module

    parser = argparse.ArgumentParser(description="Speed of the licence register.")
    parser.add_argument("sizes", type=int, nargs="*", help="licences, growing")
    parser.add_argument("--single", type=int, default=10, help="of a hundred, issued one by one")
    parser.add_argument("--rounds", type=int, default=3, help="bare work and proof, in turn")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    given = parser.parse_args()
    return measure(
        given.sizes or (50_000, 100_000),
        dialects=(given.only,) if given.only else ("sqlite", "postgresql"),
        single=given.single,
        rounds=given.rounds,
    )


if __name__ == "__main__":
    sys.exit(main())
