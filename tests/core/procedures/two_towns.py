"""Two towns of one core, whose authors hand procedures to each other."""

from core.callers import Role
from tests.makers import a_request_id
from tests.town import Town
from todoke.client import Core
from todoke.v1 import procedures_pb2 as pb

SOJA, OKAYAMA = "332089", "331007"


async def authors(town: Town) -> tuple[Core, Core]:
    return (
        await town.staff(Role.PROCEDURE_AUTHOR, name="mori"),
        await town.staff(Role.PROCEDURE_AUTHOR, name="oka", municipality=OKAYAMA),
    )


async def exported(author: Core, version: int = 0) -> pb.ExportProcedureResponse:
    request = pb.ExportProcedureRequest(key="swim", version=version)
    return await author.ask(author.procedures.ExportProcedure, request)


async def imported(author: Core, package: bytes = b"", **more) -> pb.ImportProcedureResponse:
    request = pb.ImportProcedureRequest(package=package, request_id=a_request_id(), **more)
    return await author.ask(author.procedures.ImportProcedure, request)
