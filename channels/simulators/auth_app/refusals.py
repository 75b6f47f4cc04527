"""How the provider refuses: the errors of OAuth 2.0 and OpenID Connect, with a description each."""

from collections.abc import Iterable


class Refused(Exception):  # noqa: N818 - named for the event, not as an error.
    """A refusal in the protocol's own terms; `error` is a code, the rest is for developers."""

    def __init__(self, error: str, description: str, *, status: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.description = description
        self.status = status

    def body(self) -> dict[str, str]:
        return {"error": self.error, "error_description": self.description}


def single(values: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return parameters by name; empty ones count as not sent, repeated ones are refused."""
    found: dict[str, str] = {}
    for name, value in values:
        if name in found:
            raise Refused("invalid_request", "a parameter is given more than once")
        if value:
            found[name] = value
    return found
