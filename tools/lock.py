"""Write the locked requirements, with hashes: one version of everything, for every system.

`dev` holds all; `test` and `demo` are cut out of it, so that an environment can grow from one to
the next. What is locked stays as it is unless `--upgrade` is given. Uses the `uv` on the PATH,
else one in a throwaway environment.
"""

import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
REQUIREMENTS = Path("requirements")
LOCKS = {"dev": "dev", "test": "test", "demo": "local"}  # file: extra
WHOLE = REQUIREMENTS / "dev.txt"


def main(options: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        uv = shutil.which("uv") or _install_uv(Path(folder))
        for name, extra in LOCKS.items():
            _compile(uv, REQUIREMENTS / f"{name}.txt", extra, options)


def _install_uv(folder: Path) -> str:
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    subprocess.run([programs / "python", "-m", "pip", "install", "--quiet", "uv"], check=True)
    return str(programs / "uv")


def _compile(uv: str, lock: Path, extra: str, options: list[str]) -> None:
    command = [uv, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
    command += ["--generate-hashes", "--no-emit-index-url", "--no-emit-find-links"]
    command += ["--custom-compile-command", "make lock", "--output-file", str(lock), *options]
    command += ["--extra", extra, "pyproject.toml", str(REQUIREMENTS / "build.in")]
    if lock != WHOLE:
        command += ["--constraints", str(WHOLE)]
    subprocess.run(command, check=True, cwd=ROOT)
    sys.stdout.write(f"{lock}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
