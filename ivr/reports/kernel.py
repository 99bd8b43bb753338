"""What the sealer asks of Linux beyond Python: who still writes a file, and freeing its sealed part."""

import ctypes
import errno
import fcntl
import os
import signal
from pathlib import Path
from typing import Final

_KEEP_SIZE_AND_PUNCH_HOLE: Final = 0x01 | 0x02  # linux/falloc.h
_TMPFS_MAGIC: Final = 0x01021994  # linux/magic.h
_libc: Final = ctypes.CDLL(None, use_errno=True)
_libc.fallocate.argtypes = (ctypes.c_int, ctypes.c_int, ctypes.c_longlong, ctypes.c_longlong)


class LeaseRefused(PermissionError):
    """The kernel does not tell this user who writes the file: give the sealer the capability CAP_LEASE."""


def expect_leases() -> None:
    """Ignore the signal that a broken lease sends; its default would end the process."""
    signal.signal(signal.SIGIO, signal.SIG_IGN)


def still_written(reading: int) -> bool:
    """Tell whether anybody has the file open for writing; `reading` is a descriptor opened for reading alone.

    The kernel grants a read lease only on a file that nobody writes (fcntl(2), F_SETLEASE): exact at
    any moment, also for a writer that was killed, also for one that died while we did not run, which
    no event (inotify) tells afterwards. The lease is given back at once. Raises LeaseRefused.
    """
    try:
        fcntl.fcntl(reading, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as error:
        if error.errno in {errno.EAGAIN, errno.EBUSY}:
            return True
        if error.errno in {errno.EACCES, errno.EPERM}:
            raise LeaseRefused(LeaseRefused.__doc__) from error
        raise
    fcntl.fcntl(reading, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False


def give_back(path: Path, length: int) -> None:
    """Free the memory of the first `length` bytes of a file; its size stays, the bytes read as zero."""
    handle = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        if _libc.fallocate(handle, _KEEP_SIZE_AND_PUNCH_HOLE, 0, length):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(path))
    finally:
        os.close(handle)


def in_memory(folder: Path) -> bool:
    """Tell whether a folder lies in a tmpfs."""
    answer = ctypes.create_string_buffer(256)  # struct statfs begins with f_type, a long, on every Linux
    if _libc.statfs(os.fsencode(folder), answer):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(folder))
    return ctypes.c_long.from_buffer(answer).value == _TMPFS_MAGIC
