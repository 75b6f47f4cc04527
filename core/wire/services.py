"""Puts services on the server: exactly the methods that a feature implements, and no stub.

A servicer is an object with methods named as its RPCs, each `(request, call) -> response`; where a
method is missing, the server answers UNIMPLEMENTED, as for any RPC it does not know.
"""

from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message_factory import GetMessageClass


@dataclass(frozen=True, slots=True)
class Service:
    """A service of the contract with the object that answers it."""

    descriptor: ServiceDescriptor
    servicer: object

    def served(self) -> dict[str, MethodDescriptor]:
        """Return the methods that the servicer has, by name."""
        methods = self.descriptor.methods_by_name
        return {name: method for name, method in methods.items() if hasattr(self.servicer, name)}


MAKE: dict[tuple[bool, bool], Any] = {
    (False, False): grpc.unary_unary_rpc_method_handler,
    (False, True): grpc.unary_stream_rpc_method_handler,
    (True, False): grpc.stream_unary_rpc_method_handler,
    (True, True): grpc.stream_stream_rpc_method_handler,
}


def add(server: grpc.aio.Server, service: Service) -> None:
    """Serve what the servicer implements."""
    handlers = {name: _handler(service, name, m) for name, m in service.served().items()}
    generic = grpc.method_handlers_generic_handler(service.descriptor.full_name, handlers)
    server.add_generic_rpc_handlers((generic,))


def _handler(
    service: Service, name: str, method: MethodDescriptor
) -> "grpc.RpcMethodHandler[Any, Any]":
    handler: grpc.RpcMethodHandler[Any, Any] = MAKE[
        method.client_streaming, method.server_streaming
    ](
        getattr(service.servicer, name),
        request_deserializer=GetMessageClass(method.input_type).FromString,
        response_serializer=GetMessageClass(method.output_type).SerializeToString,
    )
    return handler
