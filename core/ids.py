"""Ids of everything that is kept: UUIDv7 strings, so that they sort by the time they were made."""

import uuid_utils


def new_id() -> str:
    return str(uuid_utils.uuid7())
