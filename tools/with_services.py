"""Runs a command with a MariaDB and a Redis of its own: `python -m tools.with_services COMMAND…`.

Both listen on free ports of 127.0.0.1, keep their data in a temporary folder and are stopped and removed afterwards. The
command finds them through `NASSIJ_TEST_DB`, `NASSIJ_TEST_DB_PORT` and `NASSIJ_TEST_REDIS`; its exit code is passed on.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 60
MEMORY, ROOM = "/dev/shm", 4 * 1024**3  # noqa: S108 (a folder of random name is made in it)


class ServiceMissing(Exception):
    """A server program is not installed."""


def program(*names: str) -> str:
    """The path of the first of `names` that is installed, /usr/sbin included."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    found = next((where for name in names if (where := shutil.which(name, path=path))), None)
    if not found:
        raise ServiceMissing(f"{names[0]} is not installed (tools/system_packages.sh installs it)")
    return found


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(ready: Callable[[], bool], what: str, process: subprocess.Popen) -> None:
    """Wait until `ready`, or fail when the process ends or a minute has passed."""
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{what} did not start")
        time.sleep(0.1)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(command: list[str], log: Path, port: int) -> Iterator[None]:
    """The server `command`, listening on `port`, until the block ends."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            wait_until(lambda: answers(port), command[0], process)
            yield
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def mariadb(folder: Path) -> Iterator[int]:
    """A MariaDB with an empty root password; yields its port."""
    port, data, user = free_port(), folder / "mariadb", "--user=" + ("root" if os.getuid() == 0 else os.environ["USER"])
    install = [program("mariadb-install-db"), "--no-defaults", f"--datadir={data}", user]
    subprocess.run([*install, "--auth-root-authentication-method=normal"], check=True, capture_output=True)
    server = [program("mariadbd"), "--no-defaults", f"--datadir={data}", user, "--bind-address=127.0.0.1"]
    options = [f"--port={port}", f"--socket={folder}/mariadb.sock", f"--pid-file={folder}/mariadb.pid"]
    # As Tutor's MySQL 8: utf8mb4 everywhere. Durability is not what these tests measure.
    options += ["--character-set-server=utf8mb4", "--collation-server=utf8mb4_unicode_ci"]
    options += [
        "--innodb-flush-log-at-trx-commit=2",
        "--skip-innodb-doublewrite",
        "--skip-log-bin",
        "--max-connections=300",
    ]
    with running([*server, *options], folder / "mariadb.log", port):
        yield port


@contextmanager
def redis(folder: Path) -> Iterator[int]:
    """A Redis that keeps nothing on disk; yields its port."""
    port = free_port()
    command = [program("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with running(command, folder / "redis.log", port):
        yield port


def quick_folder() -> str | None:
    """Memory that looks like a disk, where there is enough of it; None for the usual place."""
    try:
        return MEMORY if shutil.disk_usage(MEMORY).free > ROOM else None
    except OSError:
        return None


def main(command: list[str]) -> int:
    """Run `command` beside both services; its exit code, or 2 when a service could not be had."""
    with tempfile.TemporaryDirectory(prefix="nassij-services-", dir=quick_folder()) as name:
        folder = Path(name)
        try:
            with mariadb(folder) as database_port, redis(folder) as redis_port:
                environment = {
                    **os.environ,
                    "NASSIJ_TEST_DB": "mariadb",
                    "NASSIJ_TEST_DB_PORT": str(database_port),
                    "NASSIJ_TEST_REDIS": f"redis://127.0.0.1:{redis_port}/0",
                }
                return subprocess.run(command, env=environment, check=False).returncode
        except (ServiceMissing, RuntimeError, subprocess.CalledProcessError) as error:
            print(f"nassij: {error}", file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
