"""`opskit license issue B1` with 10,000 licences, against the bare work of the same run.

Ours checks every approval, signs, verifies, registers and writes a file each. The bare work is
Transit's batch signing of the same payloads and one Ed25519 verification each. Half of it is done
before and half after: what else the machine does meanwhile is shared. On SQLite and PostgreSQL.
Exit code 1 when the ratio is above the limit. Argument: how many licences.
"""

import sys


def main() -> int:
    from benchmarks.batch_speed import measure  # not above: each worker imports this module

    return measure(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
