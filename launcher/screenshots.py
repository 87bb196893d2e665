"""`./ats screenshots`: pictures of every screen for the documentation, from an installation of its own."""

from __future__ import annotations

from ats.config import CHECKOUT
from launcher import counterparts, database, setup
from launcher.process import ProcessGroup
from launcher.testrun import run_command, settings
from launcher.text import LaunchError, tr


def take(names: list[str]) -> int:
    """Set up what pictures need and take them (all when none is named); the exit code."""
    config = settings()
    with setup.only_one(config):
        setup.prepare_tools(config, "dev")
        absent = counterparts.provide(
            config, counterparts.FOR_PART["web"], ProcessGroup(config.log_dir / "setup.log")
        )
    if absent:
        said = ", ".join(f"{program}: {why}" for program, why in absent.items())
        raise LaunchError(tr(f"Нет {said}", f"There is no {said}"))
    env = {**database.manage_env(config), **counterparts.environment(config)}
    env.pop("ATS_HOME", None)  # the pictures' installation is its own; only the tools are shared
    return run_command([str(config.venv_python), "-m", "tests.pictures", *names], env, CHECKOUT)
