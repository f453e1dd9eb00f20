"""Pages for the browser: a web application, an ERP, the portal of a VPN."""

from opskit.core.i18n import _
from vault.entries import Entry
from vault.using.ways.way import Reach, Way, address_of

SCHEMES = ("https://", "http://")


def way(entry: Entry, reach: Reach) -> Way:
    """Nothing but the facts where there is no page. Raises InvalidError: no possible host."""
    remark = (
        _("in the browser, set the SOCKS proxy {proxy}").format(proxy=reach.proxy)
        if reach.proxy
        else ""
    )
    return Way(url=_page(entry, reach), remark=remark)


def _page(entry: Entry, reach: Reach) -> str:
    """Only what a browser fetches: an address such as `file:` could start something here."""
    facts = entry.facts
    if not facts.url:
        if not facts.host or facts.kind != "web":
            return ""
        return f"https://{reach.tunnel or address_of(entry)}/"
    address = facts.url if ":" in facts.url.split("/")[0] else f"https://{facts.url}"
    return address if address.lower().startswith(SCHEMES) else ""
