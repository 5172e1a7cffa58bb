"""What a process that runs questions gives up first: the network, memory past a limit, a life of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from typing import Final

#: Linux: audit architecture → (number of socket, number of io_uring_setup).
_SYSTEM_CALLS: Final = {"x86_64": (0xC000003E, 41, 425), "aarch64": (0xC00000B7, 198, 425)}


def confine(memory: int) -> None:
    """Give up what a query needs not: the network, memory past the limit, and life after the parent's death.

    Whatever the platform cannot do is left out; the parent's own time-out does not depend on it.
    """
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C reaches the parent, and the parent ends this process
    if sys.platform == "win32":
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    kind = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    with contextlib.suppress(ValueError, OSError):  # an outer limit is lower already, or there is none to set
        resource.setrlimit(kind, (memory, memory))
    if sys.platform == "linux":
        block_network()


def block_network() -> bool:
    """Make ``socket`` and ``io_uring_setup`` fail with EPERM from now on; return whether the kernel agreed.

    A seccomp filter of eight BPF instructions (linux/seccomp.h, linux/filter.h), set without any privilege.
    Processes of another architecture are refused everything.
    """
    import ctypes

    machine = os.uname().machine
    if machine not in _SYSTEM_CALLS:
        return False
    audit, socket, io_uring = _SYSTEM_CALLS[machine]

    class Instruction(ctypes.Structure):
        _fields_ = (
            ("code", ctypes.c_ushort),
            ("jt", ctypes.c_ubyte),
            ("jf", ctypes.c_ubyte),
            ("k", ctypes.c_uint32),
        )

    class Program(ctypes.Structure):
        _fields_ = (("len", ctypes.c_ushort), ("filter", ctypes.POINTER(Instruction)))

    load, equal, at_least, answer = 0x20, 0x15, 0x35, 0x06
    allow, refuse = 0x7FFF0000, 0x00050001
    steps = [
        (load, 0, 0, 4),  # the architecture
        (equal, 0, 5, audit),
        (load, 0, 0, 0),  # the number of the system call
        (at_least, 3, 0, 0x40000000),  # numbers of the x32 architecture
        (equal, 2, 0, socket),
        (equal, 1, 0, io_uring),
        (answer, 0, 0, allow),
        (answer, 0, 0, refuse),
    ]
    instructions = (Instruction * len(steps))(*(Instruction(*step) for step in steps))
    program = Program(len(steps), instructions)
    libc = ctypes.CDLL(None, use_errno=True)
    no_new_privileges, set_seccomp, filter_mode, parent_death = 38, 22, 2, 1
    libc.prctl(parent_death, int(signal.SIGKILL), 0, 0, 0)
    if libc.prctl(no_new_privileges, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(set_seccomp, filter_mode, ctypes.byref(program), 0, 0) == 0)


def end_after(seconds: float) -> None:
    """Have this process killed some seconds after its time is up, should the parent not do so; 0 calls that off."""
    if sys.platform != "win32":
        signal.alarm(int(seconds) + 5 if seconds else 0)
