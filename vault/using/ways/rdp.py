"""RDP: the file that Remote Desktop, Windows App, FreeRDP and Remmina open.

It holds no password (there is a field for one, which only its maker's Windows could read) and
gives the far machine nothing of this one but the clipboard.
"""

from vault.entries import Entry
from vault.using.ways.way import PORTS, Reach, Way, address_of

GATEWAY_TAG = "gateway"
ASK, ALWAYS = 4, 1


def way(entry: Entry, reach: Reach) -> Way:
    """Raises InvalidError: no host, or one that is none."""
    facts = entry.facts
    user = f"{facts.domain}\\{facts.username}" if facts.domain else facts.username
    lines = [
        f"full address:s:{reach.address_of(entry).at_port(PORTS['rdp'])}",
        f"username:s:{user}",
        "prompt for credentials:i:1",
        "authentication level:i:2",
        "redirectclipboard:i:1",
        "redirectprinters:i:0",
        "redirectsmartcards:i:0",
        "drivestoredirect:s:",
    ]
    if reach.gateway is not None:
        lines += [
            f"gatewayhostname:s:{address_of(reach.gateway)}",
            f"gatewayusagemethod:i:{ALWAYS}",
            "gatewayprofileusagemethod:i:1",
            f"gatewaycredentialssource:i:{ASK}",
        ]
    return Way(rdp="\r\n".join([*lines, ""]))


def is_gateway(entry: Entry) -> bool:
    """Not a machine to work on, but the door to others: an `rdp` entry tagged `gateway`."""
    return entry.facts.kind == "rdp" and GATEWAY_TAG in entry.facts.tags
