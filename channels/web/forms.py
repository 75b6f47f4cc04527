"""Forms of this adapter's pages: read within the session of their browser."""

from starlette.requests import Request

from channels import forms
from channels.forms import Form, Limiting, NotOurForm, new_id, repeated
from channels.web import sessions

__all__ = ["Form", "Limiting", "NotOurForm", "new_id", "read", "repeated"]


async def read(request: Request) -> Form:
    """Read a form of this session. Raises NotOurForm."""
    return await forms.read(request, sessions.of(request).csrf)
