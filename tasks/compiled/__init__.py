"""The stages that work on text, as compiled modules where they were built (``make compiled``), else from their sources.

A build stands in a folder beside this file, one for each kind of Python and machine, with the digests of the sources that it was
made of.  Where one of these is another now, nothing of the build is loaded, and one line says so: a build never hides a source.
``BANMIAN_COMPILED=0`` in the environment leaves builds alone.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader, ModuleSpec
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from threading import Lock
from types import ModuleType

#: Packages whose modules are compiled, all but ``APART``: a page's or a batch's turn costs nothing there.
PACKAGES = ("segment", "extract")
APART = ("__init__.py", "batch.py")
#: What these import of the rest of ``tasks``: compiled code relies on its types.
AROUND = ("knowledge/*.py", "normalise/*.py", "ingest/__init__.py")

TASKS = Path(__file__).parents[1]
SUFFIX = EXTENSION_SUFFIXES[0]
FOLDER = Path(__file__).parent / SUFFIX.strip(".").rpartition(".")[0]
MANIFEST = "manifest.json"
#: The shared library with all the code; the compiled modules are small files that point into it.
LIBRARY = "banmian__mypyc"


def sources(tasks: Path) -> list[str]:
    """The files that a build is made of, by their paths in the folder ``tasks``."""
    patterns = (*(f"{package}/*.py" for package in PACKAGES), *AROUND)
    return sorted(path.relative_to(tasks).as_posix() for pattern in patterns for path in tasks.glob(pattern))


def digests(tasks: Path, names: Iterable[str]) -> dict[str, str]:
    """A digest of the content of each of these files."""
    from hashlib import blake2b

    return {name: blake2b((tasks / name).read_bytes().replace(b"\r\n", b"\n"), digest_size=12).hexdigest() for name in names}


class Compiled:
    """Finds the modules of the build in ``folder``, as long as ``tasks`` holds the sources that it was made of."""

    def __init__(self, folder: Path = FOLDER, tasks: Path = TASKS) -> None:
        self.folder, self.tasks = folder, tasks
        self._modules: frozenset[str] | None = None
        self._lock = Lock()

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name.startswith("tasks.") and name.split(".")[1] in PACKAGES and name in self.modules():
            return self._spec(name)
        return None

    def modules(self) -> frozenset[str]:
        """The compiled modules in use: those of the build, or none.  Decided once in a process."""
        with self._lock:
            if self._modules is None:
                self._modules = frozenset() if os.environ.get("BANMIAN_COMPILED") == "0" else self._usable()
            return self._modules

    def _usable(self) -> frozenset[str]:
        import json

        try:
            manifest = json.loads((self.folder / MANIFEST).read_bytes())
        except FileNotFoundError:
            return frozenset()
        made_of, now = manifest["sources"], digests(self.tasks, sources(self.tasks))
        changed = sorted(name for name in made_of.keys() | now.keys() if made_of.get(name) != now.get(name))
        if changed:
            return _refused(f"{len(changed)} of their sources changed, tasks/{changed[0]} for one")
        try:  # the library first: the modules need it, and where the machine can't load it none of them may be
            spec = self._spec(LIBRARY)
            assert spec.loader is not None
            library = module_from_spec(spec)
            spec.loader.exec_module(library)
        except ImportError as error:
            return _refused(f"they can't be loaded here: {error}")
        sys.modules[LIBRARY] = library
        return frozenset(manifest["modules"])

    def _spec(self, name: str) -> ModuleSpec:
        file = str(self.folder / f"{name.replace('.', '/')}{SUFFIX}")
        spec = spec_from_file_location(name, file, loader=ExtensionFileLoader(name, file))
        assert spec is not None
        return spec


def _refused(why: str) -> frozenset[str]:
    what_to_do = "make compiled builds them anew, make uncompiled removes them"
    print(f"banmian: the compiled modules are not used: {why} ({what_to_do})", file=sys.stderr)
    return frozenset()


def install() -> None:
    """Have this process take the stages from the build.  Nothing is looked at before the first of them is imported."""
    if not any(isinstance(finder, Compiled) for finder in sys.meta_path):
        sys.meta_path.insert(0, Compiled())


def in_use() -> bool:
    """Whether this process takes the stages from a build."""
    return any(isinstance(finder, Compiled) and bool(finder.modules()) for finder in sys.meta_path)
