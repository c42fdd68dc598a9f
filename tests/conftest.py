"""What holds in every test: no screen, one thread, no settings of the person's, and nothing left running."""

import multiprocessing
import os
import threading
from collections.abc import Iterator
from multiprocessing import resource_tracker
from pathlib import Path

# Before torch and Qt are imported by any test.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.setdefault("OMP_NUM_THREADS", "1")  # tiny networks: threads cost more than they save

import psutil
import pytest
from hypothesis import HealthCheck, settings

PATIENCE = 5.0  # seconds that threads and processes get to end after the test's own clean-up

settings.register_profile(
    "house",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),  # CI judges the change, at the desk new cases are sought
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come first, so that at the end no process waits for another's; tests marked `cuda` are skipped where
    there is none.
    """
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)
    asking = [item for item in items if item.get_closest_marker("cuda")]
    if not asking:
        return
    import torch

    if not torch.cuda.is_available():
        for item in asking:
            item.add_marker(pytest.mark.skip(reason="there is no CUDA device here"))


@pytest.fixture(autouse=True, scope="session")
def _own_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The person's settings, sessions and caches are neither read nor written."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CONFIG", "DATA", "STATE", "CACHE"):
            patch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
        for name in ("VIDEOS", "PICTURES"):
            patch.setenv(f"XDG_{name}_DIR", str(home / name.lower()))
        yield


@pytest.fixture(autouse=True)
def _leaves_nothing_running() -> Iterator[None]:
    """Fails a test that leaves a non-daemon thread or a child process alive."""
    threads, children = set(threading.enumerate()), _children()
    yield
    left_threads = [t for t in threading.enumerate() if t not in threads and not t.daemon]
    for thread in left_threads:
        thread.join(PATIENCE)
    multiprocessing.active_children()  # reaps those that have ended
    left = [child for child in _children() - children if not _ended(child)]
    _, alive = psutil.wait_procs(left, PATIENCE)
    names = [t.name for t in left_threads if t.is_alive()] + [_describe(child) for child in alive]
    if names:
        pytest.fail(f"the test left running: {', '.join(names)}", pytrace=False)


def _children() -> set[psutil.Process]:
    tracker = resource_tracker._resource_tracker._pid  # its child as long as this process lives
    return {child for child in psutil.Process().children() if child.pid != tracker}


def _ended(child: psutil.Process) -> bool:
    try:
        return child.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _describe(child: psutil.Process) -> str:
    try:
        return f"process {child.pid} ({' '.join(child.cmdline())[:120]})"
    except psutil.Error:
        return f"process {child.pid}"


@pytest.fixture(scope="session")
def project() -> Path:
    """The root of the checkout."""
    return Path(__file__).resolve().parent.parent
