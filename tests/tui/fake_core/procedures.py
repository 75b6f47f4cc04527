"""The fake core's procedures: the one that ships, and nobody's drafts."""

from tests.tui.fake_core.door import Servicer, answered
from todoke.v1 import procedures_pb2 as pb
from todoke.v1 import procedures_pb2_grpc

CHECKLIST = {"papers": "書類がそろっている", "account": "口座が本人のもの"}


def the_procedure() -> pb.Procedure:
    procedure = pb.Procedure(
        key="confirm_account",
        version=1,
        audience=pb.PROCEDURE_AUDIENCE_REGISTERED,
        decided=True,
        languages=["ja"],
        needs_program=True,
    )
    procedure.title.by_language["ja"] = "給付金のお受け取り"
    procedure.steps.add(key="confirm_account", block="confirm")
    for key, text in CHECKLIST.items():
        procedure.checklist.add(key=key).text.by_language["ja"] = text
    return procedure


class ProcedureServicer(Servicer, procedures_pb2_grpc.ProcedureServiceServicer):
    @answered
    def ListProcedures(self, request):
        del request
        return pb.ListProceduresResponse(procedures=[the_procedure()])

    @answered
    def GetProcedure(self, request):
        version = pb.ProcedureVersion(key=request.key, version=1)
        return pb.GetProcedureResponse(version=version, procedure=the_procedure())
