"""The yardstick as a process: an empty RPC on a bare grpc.aio server."""

import asyncio

import grpc
from google.protobuf.empty_pb2 import Empty

from tests.bench.processes import serve

METHOD = "/bench.Yardstick/Nothing"


async def nothing(request: Empty, context: grpc.aio.ServicerContext) -> Empty:
    return Empty()


async def start() -> int:
    server = grpc.aio.server()
    handler = grpc.unary_unary_rpc_method_handler(
        nothing, request_deserializer=Empty.FromString, response_serializer=Empty.SerializeToString
    )
    service, method = METHOD.strip("/").split("/")
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler(service, {method: handler}),)
    )
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    return server, port


if __name__ == "__main__":
    asyncio.run(serve(start()))
