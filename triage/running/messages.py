"""What a person reads in the terminal while Frontdoor starts. Standard library only: setup uses it too."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

# Long enough not to fill the screen, short enough that nobody thinks it hangs.
STILL_GOING_S = 15.0


class CannotStart(Exception):
    """Frontdoor cannot start. The text is one line: what is wrong, then what to do."""


def say(text: str) -> None:
    """Write one line to the terminal at once."""
    print(text, flush=True)


def warn(text: str) -> None:
    """Write one line to standard error at once."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def long_step(text: str, every_s: float = STILL_GOING_S) -> Iterator[None]:
    """Say what a long step does, then how many seconds it has taken so far, then that it is done."""
    say(f"{text}…")
    began = time.monotonic()
    done = threading.Event()

    def tell() -> None:
        while not done.wait(every_s):
            say(f"  still going: {text} ({time.monotonic() - began:.0f} s)")

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()
    say(f"  done: {text} ({time.monotonic() - began:.0f} s)")
