"""For what must not take for ever: a reader that one odd text makes try every way there is."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# Nothing that is read by one look takes so long, on however busy a machine; what tries every way takes days.
PATIENCE_S = 10


@contextmanager
def at_once() -> Iterator[None]:
    """Fails what goes on for longer than anybody would wait; regular expressions stop for a signal too."""

    def stop(signum: int, frame: FrameType | None) -> None:
        raise AssertionError(f"still reading after {PATIENCE_S} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(PATIENCE_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
