"""Optimistic locking: who changes a thing says which revision of it they read."""

from core.errors import Changed


class ChangedMeanwhile(Changed):
    reason = "CHANGED_MEANWHILE"


def etag_of(revision: int) -> str:
    return str(revision)


def check_etag(revision: int, etag: str) -> None:
    """Raise ChangedMeanwhile unless the etag is this revision's."""
    if etag != etag_of(revision):
        raise ChangedMeanwhile(
            "it changed since it was read: read it again, then decide", etag=etag_of(revision)
        )
