"""Takes pictures of a page at the sizes that people have, and names them by page, state and size."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 320, "height": 640}
A4 = {"width": 794, "height": 1123}
# Text at twice its size is looked at in a wide window: in a narrow one it would be twice what WCAG asks for.
LARGE_TEXT = "text200"
# A log that scrolls is shown whole on a narrow screen, but no picture is longer than this.
TALLEST = 4000
# A page is given this long to draw itself at its new size. A page without scripts cannot say when it has.
DRAWN_MS = 60
SHOT_MS = 15_000
# How much of the widget's log cannot be seen, in CSS pixels; 0 where there is no open widget.
HIDDEN_LOG = """() => {
    const host = document.getElementById("frontdoor-chat");
    const log = host && host.shadowRoot && host.shadowRoot.querySelector(".log");
    return log ? log.scrollHeight - log.clientHeight : 0;
}"""


class OutOfTime(Exception):
    """The pictures take longer than they are allowed to."""


@dataclass
class Camera:
    """Takes pictures into `folder` until `deadline` (seconds of the monotonic clock).

    `kind` is part of the name of every picture that it takes, for those that are not of the usual screen.
    """

    folder: Path
    deadline: float
    kind: str = ""
    say: Callable[[str], None] = print
    taken: list[str] = field(default_factory=list)

    def of(self, kind: str) -> "Camera":
        """The same camera for pictures of another kind."""
        return Camera(self.folder, self.deadline, kind, self.say, self.taken)

    def take(self, page: Page, name: str, *, forced: bool = True) -> None:
        """`page`, from its top to its end, at 1280 and 320 px, and in forced colours. Raises OutOfTime."""
        self._wide(page, name, forced, whole=True)
        if self.kind != LARGE_TEXT:
            self._shoot(page, name, NARROW, whole=True)
            page.set_viewport_size(WIDE)

    def take_widget(self, page: Page, name: str, *, forced: bool = True) -> None:
        """A page with its chat open: the window as it is seen at 1280 px, and all of the chat's log at 320 px."""
        self._wide(page, name, forced)
        if self.kind == LARGE_TEXT:
            return
        page.set_viewport_size(NARROW)
        more = int(page.evaluate(HIDDEN_LOG))
        self._shoot(page, name, {**NARROW, "height": min(TALLEST, NARROW["height"] + more)})
        page.set_viewport_size(WIDE)

    def take_phone(self, page: Page, name: str) -> None:
        """What a phone of 320 by 640 px shows at this moment, and no more."""
        if self.kind == LARGE_TEXT:
            return
        self._shoot(page, f"{name}-phone", NARROW)
        page.set_viewport_size(WIDE)

    def take_print(self, page: Page, name: str) -> None:
        """The page as it is printed on A4."""
        page.emulate_media(media="print")
        self._shoot(page, f"{name}-print", A4, whole=True)
        page.emulate_media(media="screen")

    def _wide(self, page: Page, name: str, forced: bool, whole: bool = False) -> None:
        self._shoot(page, name, WIDE, whole=whole)
        if forced and not self.kind:
            page.emulate_media(forced_colors="active")
            self._shoot(page, f"{name}-forced", WIDE, whole=whole)
            page.emulate_media(forced_colors="none")

    def _shoot(self, page: Page, name: str, size: Any, whole: bool = False) -> None:
        if time.monotonic() > self.deadline:
            raise OutOfTime
        page.set_viewport_size(size)
        if whole:
            # What sticks to the top of the window would else be in the middle of the picture. A page that is still
            # loading would go on to the place that its address names.
            page.wait_for_load_state("load")
            page.evaluate("window.scrollTo(0, 0)")
        page.wait_for_timeout(DRAWN_MS)
        full = "-".join(part for part in (name, self.kind, str(size["width"])) if part)
        page.screenshot(path=self.folder / f"{full}.png", full_page=whole, timeout=SHOT_MS, animations="disabled")
        self.taken.append(full)
        self.say(f"{len(self.taken):4d}  {full}")
