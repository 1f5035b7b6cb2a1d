"""How often one client may ask: whose request it is, and which stretch of time it counts in."""

import ipaddress
from datetime import datetime

WINDOW_SECONDS = 60
_PREFIX_OF_A_HOME = 64


def client_of(remote: str, forwarded: str, proxies: int) -> str:
    """The client of a request. `remote` is who is connected, `forwarded` the header X-Forwarded-For, `proxies` how many
    of our own stand in front: the first of them appended who it was asked by, and what stands before that is only
    claimed. Of IPv6 the network of 64 bits, because a home has all of it."""
    claimed = [one.strip() for one in forwarded.split(",") if one.strip()]
    address = claimed[-proxies] if 0 < proxies <= len(claimed) else remote
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return remote
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, _PREFIX_OF_A_HOME), strict=False))
    return str(found)


def window_of(moment: datetime) -> tuple[int, int]:
    """The number of the window that a moment lies in, and the seconds until it ends, at least 1."""
    number, gone = divmod(int(moment.timestamp()), WINDOW_SECONDS)
    return number, WINDOW_SECONDS - gone
