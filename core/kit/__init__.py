"""The offline kit: matching on a machine without network, database or gRPC."""
