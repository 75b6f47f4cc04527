"""What a proxy may do, how long, and when one resident speaks for another."""

from enum import StrEnum

from core.errors import NotAllowed, NotFound


class Scope(StrEnum):
    """What a proxy may do for a resident."""

    READ = "read"
    APPLY = "apply"
    CIRCULARS = "circulars"


class ProxyUnknown(NotFound):
    reason = "PROXY_UNKNOWN"


class ProxyNotGranted(NotAllowed):
    reason = "PROXY_NOT_GRANTED"
