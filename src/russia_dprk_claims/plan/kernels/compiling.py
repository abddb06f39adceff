"""Compiling: a loop as machine code that needs Numba no more, so that later runs start without it."""

from __future__ import annotations

import re
from importlib import import_module

import llvmlite.binding as llvm
from numba import types

from russia_dprk_claims.plan.kernels.calling import Type
from russia_dprk_claims.plan.kernels.target import host_machine

_NUMBERS = {
    "?": types.boolean,
    "b": types.int8,
    "B": types.uint8,
    "h": types.int16,
    "i": types.int32,
    "l": types.int64,
    "L": types.uint64,
    "d": types.float64,
}
# Counting who holds an array; those that kernels are called with belong to the caller.
_COUNTING = re.compile(r"^define [^\n]*@(NRT_(?:inc|dec)ref)\(.*?^\}", re.MULTILINE | re.DOTALL)
_NO_COUNTING = r"define linkonce_odr void @\1(ptr %0) alwaysinline {\n  ret void\n}"


def compile_kernel(module: str, name: str, arguments: tuple[Type, ...], symbol: str) -> bytes:
    """Return the object code of a kernel for some types of arguments.

    Parameters
    ----------
    module, name
        Where the kernel is.
    arguments
        What it is called with.
    symbol
        What it is called in the object code.
    """
    kernel = getattr(import_module(module), name)
    signature = tuple(_numba_type(*each) for each in arguments)
    kernel.compile(signature)
    overload = kernel.overloads[signature]
    code = llvm.parse_assembly(_COUNTING.sub(_NO_COUNTING, overload.library.get_llvm_str()))
    for function in code.functions:
        if function.name == overload.fndesc.llvm_func_name:
            function.name = symbol
        elif not function.is_declaration:
            function.linkage = "internal"
    machine = host_machine()
    builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(3))
    builder.getModulePassManager().run(code, builder)
    needed = [each.name for each in code.functions if each.is_declaration and not each.name.startswith("llvm.")]
    if needed:
        raise ValueError(f"{name} cannot do without {', '.join(needed)}, which only Numba has")
    return bytes(machine.emit_object(code))


def _numba_type(letter: str, dimensions: int) -> types.Type:
    number = _NUMBERS[letter]
    return types.Array(number, dimensions, "C") if dimensions else number
