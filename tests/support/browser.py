"""A headless Chromium, driven through ChromeDriver by the W3C's WebDriver protocol; no library.

Both come from the system (`apt-get install chromium chromium-driver`).
"""

import base64
import json
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the protocol's own name for one
PATIENCE = 20.0
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class Browser:
    """One window."""

    def __init__(self, port: int, downloads: Path, profile: Path) -> None:
        self._port = port
        self.downloads = downloads
        options = {
            "args": [*QUIET, "--window-size=1000,1400", f"--user-data-dir={profile}"],
            "prefs": {"download.default_directory": str(downloads)},
        }
        wanted = {"browserName": "chrome", "goog:chromeOptions": options}
        answer = self._ask("POST", "", {"capabilities": {"alwaysMatch": wanted}})
        self._session = f"/{answer['sessionId']}"

    def open(self, address: str) -> None:
        self._ask("POST", "/url", {"url": address})

    def run(self, script: str, *args: Any) -> Any:
        """The value that the script returns."""
        return self._ask("POST", "/execute/sync", {"script": script, "args": list(args)})

    def type(self, selector: str, text: str) -> None:
        """Replace what stands in a field."""
        field = self._find(selector)
        self._ask("POST", f"/element/{field}/clear", {})
        self._ask("POST", f"/element/{field}/value", {"text": text})

    def click(self, selector: str) -> None:
        self._ask("POST", f"/element/{self._find(selector)}/click", {})

    def text(self, selector: str) -> str:
        return str(self._ask("GET", f"/element/{self._find(selector)}/text"))

    def value(self, selector: str) -> str:
        return str(self._ask("GET", f"/element/{self._find(selector)}/property/value"))

    def is_shown(self, selector: str) -> bool:
        return bool(self._ask("GET", f"/element/{self._find(selector)}/displayed"))

    def wait_until_shown(self, selector: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not self.is_shown(selector):
            assert time.monotonic() < deadline, f"{selector} never appeared"
            time.sleep(0.05)

    def complaints(self) -> list[str]:
        """What the console says: refused requests, errors of the script."""
        return [each["message"] for each in self._ask("POST", "/se/log", {"type": "browser"})]

    def picture(self, path: Path, *, width: int = 1000, height: int = 1400) -> None:
        self._ask("POST", "/window/rect", {"width": width, "height": height})
        path.write_bytes(base64.b64decode(self._ask("GET", "/screenshot")))

    def close(self) -> None:
        self._ask("DELETE", "")

    def _find(self, selector: str) -> str:
        found = self._ask("POST", "/element", {"using": "css selector", "value": selector})
        return str(found[ELEMENT])

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            session = getattr(self, "_session", "")
            payload = None if body is None else json.dumps(body)
            connection.request(method, f"/session{session}{path}", payload)
            value = json.loads(connection.getresponse().read())["value"]
        finally:
            connection.close()
        if isinstance(value, dict) and "error" in value:
            raise AssertionError(f"{value['error']}: {value['message'].splitlines()[0]}")
        return value


@contextmanager
def browser() -> Iterator[Browser]:
    """A new browser with an empty profile."""
    driver = shutil.which("chromedriver")
    assert driver is not None, "no chromedriver: apt-get install chromium chromium-driver"
    folder = Path(tempfile.mkdtemp(prefix="opskit-browser-"))
    port = _free_port()
    with (folder / "driver.log").open("wb") as log:
        process = subprocess.Popen([driver, f"--port={port}"], stdout=log, stderr=log)
    try:
        _wait_for(port)
        window = Browser(port, folder, folder / "profile")
        yield window
        window.close()
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline, "chromedriver did not start"
            time.sleep(0.05)
        else:
            return
