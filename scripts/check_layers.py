#!/usr/bin/env python3
"""The rule that a lower floor never includes a higher one, as a test.

Reads every #include "symphony/..." under src/symphony and holds it against ALLOWED; also that torch is seen only in
training/torch, that no library's types show in a header that another floor includes, and that CMake links no floor that
ALLOWED does not name.
"""
import pathlib
import re
import sys

# floor -> floors it may include, besides itself.
ALLOWED = {
    "base": set(),
    "score": {"base"},
    "io": {"base", "score"},
    "tokens": {"base", "score"},
    "corpus": {"base", "score", "io", "tokens"},
    "nn": {"base"},
    "models": {"base", "nn"},
    "training": {"base", "score", "tokens", "corpus", "nn", "models"},
    "generate": {"base", "score", "tokens", "corpus", "models", "io"},
    "evaluate": {"base", "score", "tokens", "corpus", "models"},
    "bench": {"base", "score", "io", "tokens", "corpus", "nn", "models", "training"},
    "view": {"base", "score", "io", "corpus", "evaluate"},
}
ALLOWED["cli"] = set(ALLOWED)

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCES = ROOT / "src" / "symphony"
LIBRARY_HEADERS = r"#include <(Eigen|dnnl|oneapi|CLI|pugixml|zip\.h|sqlite3\.h|sndfile|ebur128)"


def floor_of(path):
    return path.relative_to(SOURCES).parts[0]


def include_faults(path):
    floor, text = floor_of(path), path.read_text()
    for name in re.findall(r'#include "symphony/(\w+)/', text):
        if name != floor and name not in ALLOWED[floor]:
            yield f"{path.relative_to(ROOT)}: {floor} must not include {name}"
    for name in re.findall(r'#include "(\.\.?/[^"]+)"', text):
        yield f"{path.relative_to(ROOT)}: include {name} from the root instead"
    if re.search(r"#include <(torch|ATen|c10)/", text) and "training/torch" not in str(path):
        yield f"{path.relative_to(ROOT)}: torch belongs in training/torch"
    if path.suffix == ".h" and re.search(LIBRARY_HEADERS, text):
        for other in SOURCES.rglob("*"):
            if other.suffix in (".h", ".cpp") and floor_of(other) != floor:
                if f'"symphony/{path.relative_to(SOURCES)}"' in other.read_text():
                    yield f"{path.relative_to(ROOT)}: shows a library's types to {other.relative_to(ROOT)}"


def link_faults(path):
    floor = floor_of(path)
    for name in re.findall(r"symphony::(\w+)", path.read_text()):
        if name != floor and name in ALLOWED and name not in ALLOWED[floor]:
            yield f"{path.relative_to(ROOT)}: {floor} must not link {name}"


def main():
    faults = []
    for path in sorted(SOURCES.rglob("*")):
        if path.suffix in (".h", ".cpp"):
            faults += include_faults(path)
            once = not path.stem.endswith("-inl")  # Highway includes those once per instruction set
            if path.suffix == ".h" and once and "#pragma once" not in path.read_text():
                faults.append(f"{path.relative_to(ROOT)}: no #pragma once")
        elif path.name == "CMakeLists.txt" and path.parent != SOURCES:
            faults += link_faults(path)
    print("\n".join(faults) or "every floor stands on those below it")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
