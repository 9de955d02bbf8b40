#!/usr/bin/python3
"""How much room is left, for somebody who wants to know each hour."""
import shutil
import subprocess

names = subprocess.run(["ps", "-e", "-o", "comm="], capture_output=True, text=True, check=True).stdout.split()
with open("report.txt", "a") as report:
    print(shutil.disk_usage("/").free, len(names), file=report)
