"""The reference verifier in Java, on the same vectors, wherever there is a JDK."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.licenses.make_vectors import VECTORS
from tests.licenses.test_vectors import CASES, EMERGENCY, KEY_FILES

SOURCES = sorted((Path(__file__).parents[2] / "examples" / "java").glob("*.java"))


@pytest.mark.skipif(shutil.which("javac") is None, reason="no JDK: the Java verifier is not run")
def test_every_vector(tmp_path: Path) -> None:
    subprocess.run(
        ["javac", "-Xlint:all", "-Werror", "-d", tmp_path, *SOURCES], check=True, timeout=120
    )
    ran = subprocess.run(
        ["java", "-cp", tmp_path, "VectorRunner", VECTORS],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    codes = EMERGENCY["cases"]
    counted = f"{len(KEY_FILES)} key files, {len(CASES)} keys and {len(codes)} codes, wrong: 0"
    assert (ran.returncode, ran.stdout.strip().splitlines()[-1:]) == (0, [counted])
