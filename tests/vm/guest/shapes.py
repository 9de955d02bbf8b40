#!/usr/bin/python3
"""Launches programs in the ways that processes come about: a script, a module, a double fork, an exec by another thread."""
import os
import subprocess
import threading

FOLDER = "/usr/local/lib/vm"

subprocess.run([f"{FOLDER}/job.sh"], check=True)
subprocess.run(["python3", "-m", "keyword"], stdin=subprocess.DEVNULL, check=True)

pid = os.fork()
if pid == 0:
    if os.fork() == 0:
        os.execv(f"{FOLDER}/doubled", ["doubled"])
    os._exit(0)
os.waitpid(pid, 0)

pid = os.fork()
if pid == 0:
    threading.Thread(target=os.execv, args=(f"{FOLDER}/threaded", ["threaded"])).start()
    threading.Event().wait()
os.waitpid(pid, 0)
