#!/usr/bin/python3
"""Burns processor time in a program of its own, and says how much wait4(2) counted of it: seconds."""
import os

pid = os.fork()
if pid == 0:
    os.execv("/usr/local/lib/vm/burn.py", ["burn.py"])
_, status, usage = os.wait4(pid, 0)
assert status == 0
print(usage.ru_utime + usage.ru_stime)
