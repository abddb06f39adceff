"""The target: the processor of this machine, as code is made for it."""

from __future__ import annotations

from typing import Any

import llvmlite.binding as llvm


def host_machine() -> Any:
    """Return the processor of this machine for code that runs where it is put."""
    target = llvm.Target.from_default_triple()
    return target.create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=3, jit=True
    )
