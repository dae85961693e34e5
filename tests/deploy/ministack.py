"""An emulator of AWS that others wrote, on a free port of 127.0.0.1. Its load balancers call functions that it starts as processes."""

import contextlib
import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator

import terraform

REGION = "eu-west-1"


def variables(url: str) -> dict[str, str]:
    """Returns what sends every client to the emulator, as the guide exports it."""
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
        # It has to be the region that clients name.
        "MINISTACK_REGION": REGION,
        "BIND_HOST": "127.0.0.1",
        # A broker that listens for the whole network.
        "IOT_MTLS_ENABLED": "0",
    }


def free_port() -> int:
    """Returns a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running() -> Iterator[str]:
    """Starts it, and ends it by its process at the end. Gives its URL."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    home = terraform.WORK / "ministack"
    home.mkdir(parents=True, exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TF_"))}
    environment |= variables(url) | {"GATEWAY_PORT": str(port), "PYTHONPATH": str(terraform.TOOLS)}
    with open(terraform.WORK / "ministack.log", "w", encoding="utf-8") as log:
        server = subprocess.Popen(
            ["python3", str(terraform.TOOLS / "bin" / "ministack")], cwd=home, env=environment, stdout=log, stderr=log
        )
    try:
        wait(url, server)
        yield url
    finally:
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def wait(url: str, server: subprocess.Popen) -> None:
    """Waits until it answers."""
    for _ in range(300):
        if server.poll() is not None:
            raise AssertionError("ministack ended: see target/deploy/ministack.log")
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{url}/_ministack/health", timeout=5).close()
            return
        time.sleep(0.2)
    raise AssertionError("ministack does not answer: see target/deploy/ministack.log")
