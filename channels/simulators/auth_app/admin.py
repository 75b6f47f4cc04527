"""What tests and operators look at and switch: faults, the signing key, counts."""

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from channels.simulators.auth_app.faults import NAMES
from channels.simulators.auth_app.provider import provider_of
from channels.simulators.faults import Fault


async def get_faults(request: Request) -> Response:
    on = provider_of(request).faults.on()
    return JSONResponse({"faults": {name: asdict(fault) for name, fault in on.items()}})


async def set_faults(request: Request) -> Response:
    """Replace all switches by `{"faults": {name: {probability, count, seconds}}}`."""
    try:
        given = (await request.json())["faults"]
        on = dict(Fault.named(name, fields, NAMES) for name, fields in given.items())
    except (ValueError, TypeError, KeyError, AttributeError) as wrong:
        words = f"faults must be an object of {', '.join(NAMES)}: {wrong}"
        return JSONResponse({"message": words}, 400)
    provider_of(request).faults.set(on)
    return await get_faults(request)


async def rotate(request: Request) -> Response:
    """Sign with a new key from now on; the last one stays published."""
    return JSONResponse({"kid": provider_of(request).keys.rotate()}, 201)


async def counts(request: Request) -> Response:
    return JSONResponse(dict(provider_of(request).counts))
