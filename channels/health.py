"""Whether an adapter that serves pages is well: whether the core answers it."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from todoke.client import Core, CoreError
from todoke.v1.staff_pb2 import GetCallerRequest

SECONDS = 2.0


def health(core: Core) -> Route:
    """Return the address that says whether the core answers and knows us."""

    async def answer(_: Request) -> Response:
        try:
            await core.ask(core.staff.GetCaller, GetCallerRequest(), seconds=SECONDS)
        except CoreError as error:
            return JSONResponse({"status": "down", "why": str(error)}, status_code=503)
        return JSONResponse({"status": "up"})

    return Route("/healthz", answer, methods=["GET"])
