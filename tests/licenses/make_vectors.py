"""Make tests/vectors/license-v1.json from fixed test keys: `python -m tests.licenses.make_vectors`.

The outcome of each case is written by hand beside it, never asked from the verifier.
"""

import json
from pathlib import Path

from tests.licenses.accepted_cases import accepted_cases
from tests.licenses.clock_cases import clock_cases
from tests.licenses.emergency_cases import emergency_vectors
from tests.licenses.file_cases import file_cases
from tests.licenses.key_file_cases import key_file_cases
from tests.licenses.order_cases import order_cases
from tests.licenses.refused_cases import refused_cases
from tests.licenses.samples import KEYS, TEST_SEEDS
from tests.licenses.typed_cases import typed_cases

VECTORS = Path(__file__).parent.parent / "vectors" / "license-v1.json"


def vectors() -> str:
    """The whole file."""
    document = {
        "format": "opskit-licence-vectors/v1",
        "specification": "docs/spec/license-key-v1.md",
        "keys": json.loads(KEYS.to_json()),
        "test_seeds": {str(key_id): seed.hex() for key_id, seed in TEST_SEEDS.items()},
        "key_files": [*key_file_cases()],
        "cases": [
            *file_cases(),
            *typed_cases(),
            *accepted_cases(),
            *refused_cases(),
            *order_cases(),
            *clock_cases(),
        ],
        "emergency": emergency_vectors(),
    }
    return json.dumps(document, indent=1, ensure_ascii=True) + "\n"


if __name__ == "__main__":
    VECTORS.write_text(vectors(), encoding="ascii", newline="\n")
