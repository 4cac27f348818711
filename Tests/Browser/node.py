"""A node of the built program on a loopback port, with a fleet of simulated boxes, and a small receiver that does as it is told."""

import contextlib
import http.server
import os
import pathlib
import socket
import subprocess
import tempfile
import threading
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("FOGCATCHER") or str(ROOT / ".build" / "debug" / "fogcatcher")
START_SECONDS = 30


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Node:
    def __init__(self, base, process, data):
        self.base, self.process, self.data = base, process, data

    def simulate(self, *arguments):
        command = [PROGRAM, "simulate", "--to", self.base, *arguments]
        result = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert result.returncode == 0, result.stdout + result.stderr

    def simulating(self, *arguments):
        command = [PROGRAM, "simulate", "--to", self.base, *arguments]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def post(self, path, body, content_type="application/json"):
        request = urllib.request.Request(self.base + path, body, {"Content-Type": content_type})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code


@contextlib.contextmanager
def running_node(port=None):
    """Starts a node with an empty data directory; stops it, and removes what it kept, at the end."""
    port = port or free_port()
    base = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="fogcatcher-browser-") as folder:
        log = open(os.path.join(folder, "log"), "wb")
        process = subprocess.Popen(
            [PROGRAM, "serve", "--listen", f"127.0.0.1:{port}", "--data", os.path.join(folder, "data")], stdout=log, stderr=log)
        try:
            deadline = time.monotonic() + START_SECONDS
            while True:
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(base + "/readyz", timeout=1).read()
                    break
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("the node does not start:\n" + open(log.name, errors="replace").read())
                time.sleep(0.05)
            yield Node(base, process, folder)
        finally:
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            log.close()


class ScriptedReceiver:
    """Answers every POST with `status`, and remembers how many there were."""

    def __init__(self):
        receiver = self
        self.status = 200
        self.received = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                receiver.received.append((receiver.status, self.path))
                body = b'{"status":0,"message":"SUCCESS"}' if receiver.status == 200 else b'{"message":"refused by the test"}'
                self.send_response(receiver.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/HistoryEvent"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
