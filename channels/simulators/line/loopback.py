"""The simulated phone browses this machine only."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_here(url: str) -> bool:
    """Tell whether an http(s) URL leads to a loopback address."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        return (
            parts.scheme in {"http", "https"}
            and parts.port != 0
            and (host == "localhost" or ip_address(host).is_loopback)
        )
    except ValueError:
        return False
