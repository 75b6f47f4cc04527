"""Write the Python of the contract beside each .proto; with --check, fail where it would differ.

protovalidate's wheel ships the descriptor of its annotations but no .proto, so one is rebuilt from
the descriptor into build/contract, where protoc and buf find it. Nothing of it is committed.
"""

import argparse
import filecmp
import os
import sys
import tempfile
from pathlib import Path

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
)
from grpc_tools import protoc
from protovalidate._gen.buf.validate import validate_pb

PROTO = Path(__file__).parent
BUILD = PROTO.parent / "build" / "contract"
WELL_KNOWN = Path(protoc.__file__).parent / "_proto"
KINDS = {
    value: name.removeprefix("TYPE_").lower() for name, value in FieldDescriptorProto.Type.items()
}
LABELS = {
    FieldDescriptorProto.LABEL_OPTIONAL: "optional ",
    FieldDescriptorProto.LABEL_REQUIRED: "required ",
    FieldDescriptorProto.LABEL_REPEATED: "repeated ",
}


def field_lines(field: FieldDescriptorProto, *, label: bool = True) -> str:
    kind = field.type_name or KINDS[field.type]
    return f"{LABELS[field.label] if label else ''}{kind} {field.name} = {field.number};"


def enum_lines(enum: EnumDescriptorProto) -> list[str]:
    values = [f"{value.name} = {value.number};" for value in enum.value]
    return [f"enum {enum.name} {{", *values, "}"]


def message_lines(message: DescriptorProto) -> list[str]:
    lines = [f"message {message.name} {{"]
    for enum in message.enum_type:
        lines += enum_lines(enum)
    for nested in message.nested_type:
        lines += message_lines(nested)
    for index, oneof in enumerate(message.oneof_decl):
        members = [f for f in message.field if f.HasField("oneof_index") and f.oneof_index == index]
        lines += [f"oneof {oneof.name} {{", *(field_lines(f, label=False) for f in members), "}"]
    lines += [field_lines(f) for f in message.field if not f.HasField("oneof_index")]
    lines += [f"extensions {r.start} to {r.end - 1};" for r in message.extension_range]
    return [*lines, "}"]


def annotations() -> str:
    """Return protovalidate's annotations as .proto text, without its own predefined rules."""
    file = FileDescriptorProto.FromString(validate_pb.desc().proto.to_binary())
    lines = ['syntax = "proto2";', f"package {file.package};"]
    lines += [f'import "{name}";' for name in file.dependency]
    for enum in file.enum_type:
        lines += enum_lines(enum)
    for message in file.message_type:
        lines += message_lines(message)
    for extension in file.extension:
        lines += [f"extend {extension.extendee} {{", field_lines(extension), "}"]
    return "\n".join(lines) + "\n"


def write_annotations(folder: Path) -> None:
    target = folder / "buf" / "validate" / "validate.proto"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(annotations(), encoding="utf-8")


def generate(output: Path) -> None:
    write_annotations(BUILD)
    sources = sorted(str(path.relative_to(PROTO)) for path in PROTO.glob("todoke/**/*.proto"))
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    outs = [f"--{kind}_out={output}" for kind in ("python", "grpc_python", "mypy", "mypy_grpc")]
    code = protoc.main(["protoc", f"-I{PROTO}", f"-I{BUILD}", f"-I{WELL_KNOWN}", *outs, *sources])
    if code:
        sys.exit(code)
    for source in sources:
        if "\nservice " not in (PROTO / source).read_text(encoding="utf-8"):
            stem = source.removesuffix(".proto")
            for ending in ("_pb2_grpc.py", "_pb2_grpc.pyi"):
                (output / f"{stem}{ending}").unlink(missing_ok=True)


def differing(made: Path) -> list[str]:
    """Name every generated file that is missing, stale or left over beside the contract."""
    fresh = {path.relative_to(made) for path in made.rglob("*_pb2*")}
    kept = {path.relative_to(PROTO) for path in (PROTO / "todoke").rglob("*_pb2*.py*")}
    kept = {path for path in kept if "__pycache__" not in path.parts}
    same = {p for p in fresh & kept if filecmp.cmp(made / p, PROTO / p, shallow=False)}
    return sorted(str(path) for path in (fresh | kept) - same)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="fail where the committed code differs"
    )
    if not parser.parse_args().check:
        generate(PROTO)
        return
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder)
        generate(made)
        stale = differing(made)
    if stale:
        print("Generated code is not up to date; run `make proto`:", *stale, sep="\n  ")
        sys.exit(1)


if __name__ == "__main__":
    sys.path[:] = [path for path in sys.path if path != str(PROTO)]
    main()
