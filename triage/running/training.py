"""Trains the assistant when what it is trained on has changed, and keeps the result by the content's hash."""

import asyncio
import fcntl
import os
import shutil
import signal
import tarfile
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

from triage.running import rasa_files
from triage.running.content import content_hash, danger_path, model_path, sorting_path, themes_path
from triage.running.leftovers import Register
from triage.running.messages import CannotStart, long_step
from triage.running.supervisor import Job, Supervisor
from triage.settings import ROOT

MODELS_KEPT = 3
CONTENT = "content"


def rasa_program() -> Path:
    """The Python that runs `-m bot`, Rasa's command without TensorFlow. Raises CannotStart when it is not installed."""
    program = ROOT / "bot" / ".venv" / "bin" / "python"
    if not program.exists():
        raise CannotStart("The assistant is not installed. Run `make run`, which installs it.")
    return program


def rasa_environment(home: Path, env: Mapping[str, str]) -> dict[str, str]:
    """What Rasa is started with, everywhere: silent, alone, and with nothing written outside `home`."""
    cache = home / "cache"
    (cache / "rasa-home").mkdir(parents=True, exist_ok=True)
    return {
        **env,
        "RASA_TELEMETRY_ENABLED": "false",  # Rasa phones home unless told not to.
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "RASA_CACHE_DIRECTORY": str(cache / "rasa"),
        "MPLCONFIGDIR": str(cache / "matplotlib"),
        # Rasa keeps a file of its own under the user's home; this keeps it out of there.
        "HOME": str(cache / "rasa-home"),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "FRONTDOOR_HOME": str(home),
    }


def build_encoder_job(home: Path, python: Path, env: Mapping[str, str]) -> Job:
    """Builds the sentence encoder that both environments read; ends at once when it is built already."""
    return Job("encoder", (str(python), "-m", "language.encoder.build", str(home)), env, ROOT)


def build_tuned_job(home: Path, python: Path, env: Mapping[str, str]) -> Job:
    """Builds the encoder that was tuned on contacts; ends at once when it is built already."""
    changes = str(ROOT / "data" / "tuning" / "changes.safetensors")
    return Job("tuned", (str(python), "-m", "language.tuned.build", str(home), changes), env, ROOT)


def train_job(home: Path, out: Path, env: Mapping[str, str]) -> Job:
    """Trains a model into the folder `out`, named by the content's hash, on what `rasa_files.lay_out` put in it."""
    read = str(out / CONTENT)
    argv = (
        str(rasa_program()),
        *("-m", "bot", "train"),
        *("--config", "bot/config.yml", "--domain", read, "--data", read),
        *("--out", str(out), "--fixed-model-name", content_hash(ROOT)),
    )
    return Job("train", argv, rasa_environment(home, env), ROOT)


async def ensure_trained(home: Path, python: Path, env: Mapping[str, str], supervisor: Supervisor) -> Path:
    """The model of the present content, building the encoder and training first when that is needed.

    Whoever else wants the same of this home meanwhile waits until it is there.
    """
    async with _alone(home):
        await _encoder(home, python, env, supervisor)
        await _together(
            _ensure_danger(home, python, env, supervisor),
            _ensure_themes(home, python, env, supervisor),
            _ensure_assistant(home, python, env, supervisor),
        )
        # The sorter builds on both.
        await _ensure_sorting(home, python, env, supervisor)
    return model_path(home, ROOT)


@asynccontextmanager
async def _alone(home: Path) -> AsyncIterator[None]:
    """Hold this home's models: one process trains at a time."""
    folder = home / "run"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "training.lock").open("a") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                # A training ends within minutes, and its lock with its process; waiting in steps stays cancellable.
                await asyncio.sleep(0.5)
        yield


async def _together(*steps: Coroutine[Any, Any, None]) -> None:
    """Do several things at once; when one fails the others are ended, and its error is the one that is raised."""
    tasks = [asyncio.create_task(step) for step in steps]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _encoder(home: Path, python: Path, env: Mapping[str, str], supervisor: Supervisor) -> None:
    """Build both sentence encoders unless they are built; said only where models are to be trained as well."""
    known = model_path(home, ROOT).exists() and danger_path(home, ROOT).exists()
    with nullcontext() if known else long_step("Building the sentence encoder"):
        await supervisor.once(build_encoder_job(home, python, env))
        await supervisor.once(build_tuned_job(home, python, env))


async def _ensure_assistant(home: Path, python: Path, env: Mapping[str, str], supervisor: Supervisor) -> None:
    """Train Rasa on the present content unless that is done, and lay its reader at models/reader."""
    model = model_path(home, ROOT)
    if not model.exists():
        with long_step("Training the assistant on new content (about six minutes)"):
            # Trained beside its place and moved, so that a training cut short leaves no half model.
            new = home / "models" / f"new-{os.getpid()}"
            shutil.rmtree(new, ignore_errors=True)
            rasa_files.lay_out(ROOT / "data" / "services", new / CONTENT)
            await supervisor.once(train_job(home, new, env))
            made = new / model.name
            if not made.exists():
                raise CannotStart(f"The assistant was trained but {model.name} is missing. See logs/train.log.")
            made.replace(model)
            shutil.rmtree(new, ignore_errors=True)
        _forget_old_models(model.parent)
    _keep_reader(model)


def _keep_reader(model: Path) -> None:
    """Lay the model's intent reader beside it, as models/reader: sorting and the command line read with the same.

    The link is changed in one step, so a process that starts meanwhile finds one reader or the other.
    """
    folder = model.parent / f"reader-{model.name.removesuffix('.tar.gz')}"
    if not folder.exists():
        half = folder.with_name(f"new-{folder.name}-{os.getpid()}")
        half.mkdir(parents=True)
        with tarfile.open(model) as archive:
            for member in archive.getmembers():
                inside = Path(member.name)
                if member.isfile() and "IntentReader" in inside.parent.name:
                    content = archive.extractfile(member)
                    assert content is not None
                    (half / inside.name).write_bytes(content.read())
                    # When it was trained, which the content editor's pages say; not when it was laid here.
                    os.utime(half / inside.name, (member.mtime, member.mtime))
        if not any(half.iterdir()):
            raise CannotStart(f"{model.name} holds no intent reader. Delete it and run `make train`.")
        half.replace(folder)
    _link(folder, "reader")


def _link(folder: Path, name: str) -> None:
    """Make `name` beside `folder` lead to it, in one step."""
    link = folder.parent / f"link-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(folder.name)
    link.replace(folder.parent / name)


def _lay(made: Path, folder: Path) -> None:
    """Move what was made to its place, unless another process has made the same in the meantime."""
    try:
        made.replace(folder)
    except OSError:
        if not folder.is_dir():
            raise
        shutil.rmtree(made, ignore_errors=True)


async def _ensure_danger(home: Path, python: Path, env: Mapping[str, str], supervisor: Supervisor) -> None:
    """Train the danger model on the present examples unless there is one, and lay it at models/danger."""
    doing, made_by = "Training the danger model (about three minutes)", "language.danger.train"
    await _ensure_beside("danger", danger_path(home, ROOT), doing, made_by, home, python, env, supervisor)


async def _ensure_themes(home: Path, python: Path, env: Mapping[str, str], supervisor: Supervisor) -> None:
    """Train the reader of comments on data/themes unless there is one, and lay it at models/themes."""
    doing, made_by = "Training the reader of comments (under a minute)", "language.themes.train"
    await _ensure_beside("themes", themes_path(home, ROOT), doing, made_by, home, python, env, supervisor)


async def _ensure_sorting(home: Path, python: Path, env: Mapping[str, str], supervisor: Supervisor) -> None:
    """Train the sorter on the present contacts unless there is one, and lay it at models/sorting.

    It builds on the intent reader and the danger model, so it comes after both are in their places.
    """
    doing, made_by = "Training the sorter of contacts (about two minutes)", "triage.sorting.training"
    await _ensure_beside("sorting", sorting_path(home, ROOT), doing, made_by, home, python, env, supervisor)


async def _ensure_beside(
    name: str,
    folder: Path,
    doing: str,
    made_by: str,
    home: Path,
    python: Path,
    env: Mapping[str, str],
    supervisor: Supervisor,
) -> None:
    """Have the module `made_by` train the model of this name into the folder unless it is there, and link to it."""
    if not folder.exists():  # noqa: ASYNC240 - training alone runs on this loop
        with long_step(doing):
            half = folder.with_name(f"new-{folder.name}-{os.getpid()}")
            argv = (str(python), "-m", made_by, str(home), str(half))
            await supervisor.once(Job(name, argv, env, ROOT))
            if not half.is_dir() or not any(half.iterdir()):
                raise CannotStart(f"The {name} model was trained but is missing. See logs/{name}.log.")
            _lay(half, folder)
        for old in sorted(folder.parent.glob(f"{name}-*"), key=lambda path: path.stat().st_mtime)[:-MODELS_KEPT]:
            shutil.rmtree(old, ignore_errors=True)
    _link(folder, name)


def _forget_old_models(folder: Path) -> None:
    newest_first = sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in newest_first[MODELS_KEPT:]:
        old.unlink(missing_ok=True)
        shutil.rmtree(folder / f"reader-{old.name.removesuffix('.tar.gz')}", ignore_errors=True)


async def train_only(home: Path, python: Path) -> Path:
    """`frontdoor train`: train if need be, with its processes ended whatever happens."""
    supervisor = Supervisor(home / "logs", Register(home / "run" / "training.json"))
    training = asyncio.current_task()
    if training is not None:
        # A plain kill would leave the process that trains behind.
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, training.cancel)
    try:
        # The libraries of linear algebra read these when they are loaded. Two of their threads on matrices as small as
        # ours wait for each other: the danger model's fit takes four times the processor time.
        env = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", **os.environ}
        return await ensure_trained(home, python, env, supervisor)
    finally:
        await supervisor.stop()
