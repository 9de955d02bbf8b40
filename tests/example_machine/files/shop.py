#!/usr/bin/python3
"""The shop's application: it answers, and asks the system for something now and then, as applications do."""
import http.server
import subprocess


class Shop(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        free = subprocess.run(["df", "--output=avail", "/"], capture_output=True, check=True).stdout
        self.send_response(200)
        self.end_headers()
        self.wfile.write(free)

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", 8000), Shop).serve_forever()
