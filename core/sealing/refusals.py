"""Why a sealed file is not taken."""

from core.errors import BadRequest


class SealBroken(BadRequest):
    """The file is none of ours, or not as it was made; metadata hold the `problem`, one word."""

    reason = "SEAL_BROKEN"

    def __init__(self, problem: str, message: str) -> None:
        super().__init__(message, problem=problem)
