"""Which functions a native program runs when it has settled: a breakpoint on each, which is taken away when it is hit (Linux, x64).

    trace_functions.py OUTPUT START SECONDS PROGRAM ARGUMENTS...

PROGRAM has its symbols (-p:StripSymbols=false). After START seconds each function gets its breakpoint; SECONDS later the program is ended, and OUTPUT has the
names of those that were hit. What it prints goes where this prints.
"""
import ctypes
import os
import signal
import subprocess
import sys
import time

# ptrace.h of the kernel; places in user_regs_struct.
TRACEME, CONT, GETREGS, SETREGS, SETOPTIONS = 0, 7, 12, 13, 0x4200
TELL_FORK, TELL_VFORK, TELL_CLONE, TELL_EXEC, END_WITH_US = 0x2, 0x4, 0x8, 0x10, 0x100000
WAIT_FOR_ALL = 0x40000000
RIP, REGISTERS = 16, 27
BREAKPOINT = b"\xcc"
SECTION = "__managedcode"

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long


def ptrace(request, pid, address=None, data=None):
    if libc.ptrace(request, pid, address, data) == -1:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


def functions(program):
    """Address in the file and name of each function that was compiled from C#."""
    begin = end = 0
    for line in subprocess.run(["readelf", "-SW", program], check=True, capture_output=True, text=True).stdout.splitlines():
        words = line.replace("[", " ").replace("]", " ").split()
        if len(words) > 5 and words[1] == SECTION:
            begin = int(words[3], 16)
            end = begin + int(words[5], 16)
    found = {}
    for line in subprocess.run(["nm", program], check=True, capture_output=True, text=True).stdout.splitlines():
        words = line.split()
        if len(words) == 3 and words[1] in "tT" and begin <= int(words[0], 16) < end:
            found.setdefault(int(words[0], 16), words[2])
    if not found:
        sys.exit(f"{program} has no symbols of functions")
    return found


class Tracer:
    def __init__(self, command):
        self.known, self.armed, self.hit = functions(command[0]), set(), []
        self.pid = os.fork()
        if self.pid == 0:
            ptrace(TRACEME, 0)
            os.execv(command[0], command)
        os.waitpid(self.pid, 0)
        ptrace(SETOPTIONS, self.pid, None, TELL_FORK | TELL_VFORK | TELL_CLONE | TELL_EXEC | END_WITH_US)
        path = os.path.realpath(command[0])
        with open(f"/proc/{self.pid}/maps") as maps:
            self.base = min(int(line.split("-")[0], 16) for line in maps if line.rstrip().endswith(path))
        self.memory = os.open(f"/proc/{self.pid}/mem", os.O_RDWR)
        self.original = {at: os.pread(self.memory, 1, self.base + at) for at in self.known}

    def run(self, start, seconds):
        ptrace(CONT, self.pid)
        self.follow(start)
        for at in self.known:
            os.pwrite(self.memory, BREAKPOINT, self.base + at)
            self.armed.add(at)
        self.follow(seconds)
        os.kill(self.pid, signal.SIGKILL)

    def follow(self, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            thread, status = os.waitpid(-1, WAIT_FOR_ALL | os.WNOHANG)
            if thread == 0:
                time.sleep(0.001)
            elif os.WIFSTOPPED(status):
                self.go_on(thread, os.WSTOPSIG(status), status >> 16)
            elif thread == self.pid:
                sys.exit(f"the program ended by itself: {status:#x}")

    def go_on(self, thread, number, event):
        # A new thread begins with SIGSTOP; all other signals are the program's.
        told = event or number == signal.SIGSTOP or (number == signal.SIGTRAP and self.is_ours(thread))
        try:
            ptrace(CONT, thread, None, 0 if told else number)
        except ProcessLookupError:
            pass  # It has ended meanwhile.

    def is_ours(self, thread):
        """Whether it stands at a breakpoint, which is taken away then."""
        registers = (ctypes.c_ulonglong * REGISTERS)()
        ptrace(GETREGS, thread, None, ctypes.byref(registers))
        at = registers[RIP] - len(BREAKPOINT) - self.base
        if at not in self.known:
            return False
        if at in self.armed:
            os.pwrite(self.memory, self.original[at], self.base + at)
            self.armed.discard(at)
            self.hit.append(self.known[at])
        registers[RIP] -= len(BREAKPOINT)
        ptrace(SETREGS, thread, None, ctypes.byref(registers))
        return True


tracer = Tracer(sys.argv[4:])
tracer.run(float(sys.argv[2]), float(sys.argv[3]))
with open(sys.argv[1], "w") as output:
    output.writelines(name + "\n" for name in tracer.hit)
