"""HashiCorp Vault's differences: it answers 405 to SCAN, and has no check-and-set of metadata."""

from contextlib import AbstractContextManager

from tests.support.lesser_server import lesser_server


def server_without_scan(address: str) -> AbstractContextManager[str]:
    """The address of a server that knows LIST but not SCAN."""
    return lesser_server(
        address,
        lambda method, _path: (405, b'{"errors":[]}') if method == "SCAN" else None,
        unknown=("metadata_cas", "current_metadata_version"),
    )
