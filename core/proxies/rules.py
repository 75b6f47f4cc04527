"""What a proxy may do, how long, and when one resident speaks for another."""

from enum import StrEnum

from core.errors import NotFound


class Scope(StrEnum):
    """What a proxy may do for a resident."""

    READ = "read"
    APPLY = "apply"
    CIRCULARS = "circulars"


class ProxyUnknown(NotFound):
    reason = "PROXY_UNKNOWN"
