"""Calling: the kernels as functions, from machine code that is kept beside this module once it was compiled.

Importing Numba takes half a second, more than judging ten thousand claims. So what it compiles for the types that a
kernel is called with is kept as object code, by what the code was made of and the processor that it was made for, and
later runs only load it. Where nothing can be written, each run compiles anew.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite
import llvmlite.binding as llvm
import numpy as np

Type = tuple[str, int]
"""The type of an argument: the letter that NumPy has for it, and the number of dimensions, 0 for a number."""

_HERE = Path(__file__).parent
_WHOLE: Type = ("l", 0)
_LOCK = threading.Lock()  # one at a time compiles or loads


class Kernel:
    """A kernel by its module and name; called with arrays in C order and whole numbers, it returns a whole number."""

    def __init__(self, module: str, name: str) -> None:
        """Compile nothing yet."""
        self.module, self.name = f"{__package__}.{module}", name
        self._ready: dict[tuple[Type, ...], Any] = {}

    def __call__(self, *arguments: Any) -> int:
        """Run the kernel; other threads run meanwhile.

        Raises
        ------
        ValueError
            If an array is not in C order.
        """
        kinds = tuple([(each.dtype.char, each.ndim) if isinstance(each, np.ndarray) else _WHOLE for each in arguments])
        function = self._ready.get(kinds)
        if function is None:
            with _LOCK:
                function = self._ready[kinds] = _function(self.module, self.name, kinds)
        result = ctypes.c_int64(0)
        parts: list[Any] = [ctypes.byref(result), None]
        for each in arguments:
            if isinstance(each, np.ndarray):
                if not each.flags.c_contiguous:
                    raise ValueError(f"{self.name}: an array that is not in C order")
                # As Numba passes an array: who owns it, its size, that of an item, where it is, its shape and strides.
                place = each.__array_interface__["data"][0]
                parts += (None, None, each.size, each.itemsize, place, *each.shape, *each.strides)
            else:
                parts.append(each)
        function(*parts)
        return result.value


def _prototype(kinds: tuple[Type, ...]) -> Callable[[int], Any]:
    """Return the form of the functions that Numba makes: where the result goes, errors, and the arguments."""
    pointer, whole = ctypes.c_void_p, ctypes.c_int64
    parts: list[Any] = [pointer, pointer]
    for _, dimensions in kinds:
        parts += [pointer, pointer, whole, whole, pointer, *[whole] * (2 * dimensions)] if dimensions else [whole]
    return ctypes.CFUNCTYPE(ctypes.c_int32, *parts)


def _function(module: str, name: str, kinds: tuple[Type, ...]) -> Any:
    symbol = f"{name}_{'_'.join(f'{ord(letter)}{dimensions}' for letter, dimensions in kinds)}"
    path = _folder() / f"{name}-{_digest(symbol)}.o"
    try:
        code = path.read_bytes()
    except OSError:
        from russia_dprk_claims.plan.kernels.compiling import compile_kernel

        code = compile_kernel(module, name, kinds, symbol)
        _write(path, code)
    engine = _engine()
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return _prototype(kinds)(engine.get_function_address(symbol))


@cache
def _engine() -> Any:
    from russia_dprk_claims.plan.kernels.target import host_machine

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm.create_mcjit_compiler(llvm.parse_assembly(""), host_machine())


@cache
def _made_of() -> bytes:
    """Return a digest of all that code is made of: the kernels, what compiles them, and for which processor."""
    parts = [path.read_bytes() for path in sorted(_HERE.glob("*.py"))]
    parts += [llvmlite.__version__.encode(), llvm.get_host_cpu_name().encode()]
    parts.append(llvm.get_host_cpu_features().flatten().encode())
    return hashlib.sha256(b"\0".join(parts)).digest()


def _digest(symbol: str) -> str:
    return hashlib.sha256(_made_of() + symbol.encode()).hexdigest()[:16]


@cache
def _folder() -> Path:
    """Return where code is kept: beside this module, where Python keeps its own, or in the cache of the user."""
    beside = _HERE / "__pycache__"
    with suppress(OSError):
        beside.mkdir(exist_ok=True)
    if os.access(beside, os.W_OK):
        return beside
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "russia-dprk-claims" / "kernels"


def _write(path: Path, code: bytes) -> None:
    """Keep code for the next run; another process that writes the same at the same time does no harm."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(code)
        Path(file.name).replace(path)


class Kernels:
    """The kernels of a module, by their names."""

    def __init__(self, module: str) -> None:
        """Take the name of the module."""
        self._module = module

    def __getattr__(self, name: str) -> Kernel:
        """Return a kernel."""
        kernel = Kernel(self._module, name)
        setattr(self, name, kernel)
        return kernel


records, cells, texts, rows = (Kernels(module) for module in ("records", "cells", "texts", "rows"))
