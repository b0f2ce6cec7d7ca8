"""`python -m tests.look` starts the whole product, visits it, and leaves a picture of every page and state in look/.

With names of scenes after it (`python -m tests.look callers full_desk`), those alone.
"""

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Error

from tests.journeys.browser import Visitors, started_browser
from tests.journeys.house import House, running_house
from tests.look import pages, residents, staff
from tests.look.album import write_album
from tests.look.camera import LARGE_TEXT, Camera, OutOfTime
from triage.settings import ROOT

FOLDER = ROOT / "look"
# For all of it, on two cores; each wait inside has a limit of its own.
LONGEST_S = 480.0
# Text at twice its size, as a reader sets it in the browser.
TWICE = "--blink-settings=defaultFontSize=32,defaultFixedFontSize=26"

Scene = Callable[[Camera, Callable[..., object], House], None]

# In the order of one morning: the desk is empty before residents come, and full after.
MORNING: tuple[tuple[str, Scene], ...] = (
    ("", staff.empty_desk),
    ("", staff.owner),
    ("", residents.council_page),
    ("", residents.answers),
    ("", residents.report),
    ("", residents.person),
    ("", residents.dangers),
    ("", pages.chat),
    ("", pages.chat_dangers),
    ("", pages.survey),
    ("", pages.contact),
    ("", pages.others),
    ("noscript", pages.chat),
    ("noscript", pages.survey),
    ("noscript", pages.contact),
    ("", staff.callers),
    ("", staff.full_desk),
    ("", staff.one_contact),
    ("", staff.notices),
    ("", staff.supervisors_rooms),
    ("", staff.administrator),
    ("", staff.owners_rooms),
    ("", staff.editor),
    ("", staff.signing_in),
    ("", staff.api),
)
LARGE: tuple[tuple[str, Scene], ...] = (
    (LARGE_TEXT, residents.council_page),
    (LARGE_TEXT, residents.report),
    (LARGE_TEXT, pages.contact),
    (LARGE_TEXT, pages.others),
    (LARGE_TEXT, staff.empty_desk),
    (LARGE_TEXT, residents.engine_down),
)


def look(folder: Path = FOLDER, only: Sequence[str] = ()) -> int:
    """Take every picture, or those of some scenes. The number of scenes that failed; what failed is printed."""
    began = time.monotonic()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    camera = Camera(folder, began + LONGEST_S, say=lambda words: print(words, flush=True))
    failed: list[str] = []
    print("Starting Frontdoor…", flush=True)
    home = Path(tempfile.mkdtemp(prefix="frontdoor-look-"))
    try:
        settings = {"FRONTDOOR_SIGN_INS_PER_QUARTER_HOUR": str(staff.TRIES), "FRONTDOOR_DEMO_HISTORY": "true"}
        with running_house(home, **settings) as house:
            for every, flags in ((MORNING, ()), (LARGE, (TWICE,))):
                scenes = [(kind, scene) for kind, scene in every if not only or scene.__name__ in only]
                with started_browser(*flags) as browser:
                    for kind, scene in scenes:
                        visitors = Visitors(browser, house.address)
                        failed += _play(camera.of(kind), scene, visitors, house)
    finally:
        shutil.rmtree(home, ignore_errors=True)
        write_album(folder, camera.taken)
    for words in failed:
        print(f"FAILED  {words}", file=sys.stderr)
    print(f"{len(camera.taken)} pictures in {time.monotonic() - began:.0f} s: {folder / 'index.html'}")
    return len(failed)


def _play(camera: Camera, scene: Scene, visitors: Visitors, house: House) -> list[str]:
    """Play one scene. What went wrong in it, in words: one that fails does not keep the others from being seen."""
    name = f"{scene.__name__} {camera.kind}".strip()
    try:
        scene(camera, visitors.page_of, house)
        visitors.leave()
    except OutOfTime:
        return [f"{name}: no time left"]
    except (AssertionError, Error) as error:
        return [f"{name}: {str(error)[:600]}"]
    finally:
        with suppress(Error):
            visitors.close()
    return []


if __name__ == "__main__":
    sys.exit(1 if look(only=sys.argv[1:]) else 0)
