"""`./ats test`: the checks of the sources, and the unit, engine and web tests, with one sum at the end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from ats.config import CHECKOUT, Config, ConfigError, home_from_env
from launcher import counterparts, database, setup, testdb, webbuild
from launcher.process import ProcessGroup
from launcher.text import LaunchError, tr

PARTS = ("lint", "unit", "engine", "web")
PARTS_ON_POSTGRES = ("unit", "engine")


@dataclass
class Count:
    """Outcome of one command: how many checks passed, failed and were skipped, and how long it took."""

    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Check:
    """One command of `lint`: it passes when its exit code is 0."""

    name: str
    command: list[str]
    env: dict[str, str]
    cwd: Path = CHECKOUT

    def run(self, group: ProcessGroup) -> Count:
        """Run it; what it says is shown in one piece when it has ended, for another one may run beside it."""
        begun = time.monotonic()
        lines = [f"── {self.name}"]
        ok = True
        try:
            group.run(self.command, what=self.name, env=self.env, cwd=self.cwd, on_line=lines.append)
        except LaunchError:
            ok = False
        say("\n".join(lines))
        return Count(self.name, int(ok), int(not ok), 0, time.monotonic() - begun)


def run(parts: list[str], db: str, words: list[str]) -> int:
    """Set up what tests need, run the parts (all when none is named); `words` go to pytest. The exit code."""
    config = settings()
    chosen = [part for part in PARTS if part in parts] or list(
        PARTS_ON_POSTGRES if db == "postgres" else PARTS
    )
    with setup.only_one(config):
        setup.prepare_tools(config, "dev")
        group = ProcessGroup(config.log_dir / "setup.log")
        programs = [one for part in chosen for one in counterparts.FOR_PART.get(part, ())]
        absent = counterparts.provide(config, list(dict.fromkeys(programs)), group)
        extra = [one for part in chosen for one in counterparts.OPTIONAL_FOR_PART.get(part, ())]
        without = counterparts.provide_optional(config, extra, group)
    counts: list[Count] = []
    with ExitStack() as stack:
        env = {**database.manage_env(config), **counterparts.environment(config, without)}
        # Tests make homes of their own; only the tools are shared.
        env.pop("ATS_HOME", None)
        if db == "postgres":
            # Unit tests make `test_ats` in this cluster; the engine tests' installation takes the base itself.
            env["ATS_DB_URL"] = env["ATS_TEST_ENGINE_DB"] = stack.enter_context(testdb.cluster(config, group))
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ats-test-report-")))
        for part in chosen:
            if missing := [
                one.program for one in counterparts.FOR_PART.get(part, ()) if one.program in absent
            ]:
                said = ", ".join(f"{program}: {absent[program]}" for program in missing)
                say(tr(f"── {part} не запущено: нет {said}", f"── {part} cannot run: no {said}"))
                counts.append(Count(part, failed=1))  # what could not be fetched today is no reason to pass
                continue
            counts += {"lint": _lint, "unit": _unit, "engine": _engine, "web": _web}[part](
                config, env, scratch, words
            )
    return summarise(counts)


def settings() -> Config:
    """This checkout's settings; made (but nothing is started) when `./ats up` was never run here."""
    home = home_from_env()
    try:
        if not (home / "config.toml").exists():
            Config.from_values(home, {}).with_secrets().save()
        return Config.load(home)
    except ConfigError as error:
        raise LaunchError(str(error)) from error


def summarise(counts: list[Count]) -> int:
    """Print every command's outcome and, last, the one line that sums them; the exit code."""
    say("")
    for count in counts:
        mark = "✗" if count.failed else "✓"
        numbers = f"{count.passed} passed, {count.failed} failed, {count.skipped} skipped"
        say(f" {mark} {count.name:<14} {numbers}  ({count.seconds:.1f} s)")
    passed, failed, skipped = (
        sum(getattr(one, key) for one in counts) for key in ("passed", "failed", "skipped")
    )
    say(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


def _lint(config: Config, env: dict[str, str], scratch: Path, words: list[str]) -> Iterator[Count]:
    venv = config.tools / "venv/bin"
    sources = [name for name in ("src", "launcher", "tests", "bench") if (CHECKOUT / name).is_dir()]
    checked = {**env, "ATS_HOME": str(_settings_home(scratch))}
    typed = ["src/ats", "launcher", "bench", "tests/harness", "tests/engine"]
    rows = [
        [
            Check("ruff", [f"{venv}/ruff", "check", *sources, "ats"], env),
            Check("ruff format", [f"{venv}/ruff", "format", "--check", *sources, "ats"], env),
            Check("mypy", [f"{venv}/mypy", *typed], checked),
            Check("import-linter", [f"{venv}/lint-imports"], checked),
        ]
    ]
    if (webbuild.SOURCE / "package.json").exists():
        node = {**env, **webbuild.node_env(config)}
        npm, place = [*webbuild.npm(config), "run", "--silent"], webbuild.build_dir(config)
        rows.append(
            [Check("tsc", [*npm, "typecheck"], node, place), Check("eslint", [*npm, "lint"], node, place)]
        )
    # Each of them keeps one core busy: Python's and the cabinet's go side by side.
    group = ProcessGroup(config.log_dir / "lint.log")
    with ThreadPoolExecutor(len(rows)) as side_by_side:
        running = [side_by_side.submit(_one_by_one, row, group) for row in rows]
        try:
            for counts in running:
                yield from counts.result()
        except BaseException:
            group.end()
            raise


def _one_by_one(checks: list[Check], group: ProcessGroup) -> list[Count]:
    return [check.run(group) for check in checks]


def _unit(config: Config, env: dict[str, str], scratch: Path, words: list[str]) -> Iterator[Count]:
    yield _pytest("unit", config, env, scratch, ["-n", "auto", *words])


def _engine(config: Config, env: dict[str, str], scratch: Path, words: list[str]) -> Iterator[Count]:
    # Nearly all the time these tests wait for telephones (three processes left most of two cores idle): four share the
    # machine, each with an installation of its own.
    yield _pytest("engine", config, env, scratch, ["-n", "4", "--dist", "loadgroup", *words])


def _web(config: Config, env: dict[str, str], scratch: Path, words: list[str]) -> Iterator[Count]:
    if (webbuild.SOURCE / "package.json").exists() and not words:
        yield _vitest(config, env, scratch)
    # Two browsers, each with an installation of its own: most of the time a page waits for one and the other way round.
    yield _pytest("web", config, env, scratch, ["-n", "2", "--dist", "worksteal", *words])


def _pytest(part: str, config: Config, env: dict[str, str], scratch: Path, words: list[str]) -> Count:
    folder = CHECKOUT / "tests" / part
    if not folder.is_dir():
        say(tr(f"── {part}: тестов нет", f"── {part}: no tests"))
        return Count(part)
    report = scratch / f"{part}.xml"
    say(f"── {part}")
    begun = time.monotonic()
    command = [str(config.venv_python), "-m", "pytest", str(folder), "-rs", "-p", "no:cacheprovider"]
    code = run_command([*command, f"--junitxml={report}", *words], env, CHECKOUT)
    count = read_junit(part, report)
    count.seconds = time.monotonic() - begun
    if code not in (0, 1, 5) or (code == 1 and not count.failed):
        count.failed += 1  # pytest itself broke off: never a success
    return count


def _vitest(config: Config, env: dict[str, str], scratch: Path) -> Count:
    report = scratch / "vitest.json"
    say("── vitest")
    begun = time.monotonic()
    command = [*webbuild.npm(config), "test", "--", "--reporter=default", "--reporter=json"]
    node = {**env, **webbuild.node_env(config)}
    code = run_command([*command, f"--outputFile={report}"], node, webbuild.build_dir(config))
    count = Count("vitest")
    with suppress(OSError, ValueError):
        values = json.loads(report.read_text(encoding="utf-8"))
        count = Count(
            "vitest", values["numPassedTests"], values["numFailedTests"], values.get("numPendingTests", 0)
        )
    if code != 0 and not count.failed:
        count.failed = 1
    count.seconds = time.monotonic() - begun
    return count


def read_junit(name: str, path: Path) -> Count:
    """Counts from a JUnit report; a report that is missing or torn counts nothing."""
    count = Count(name)
    with suppress(OSError, ElementTree.ParseError):
        for suite in ElementTree.parse(path).getroot().iter("testsuite"):  # noqa: S314 - our own file
            numbers = {key: int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")}
            count.failed += numbers["failures"] + numbers["errors"]
            count.skipped += numbers["skipped"]
            count.passed += numbers["tests"] - sum(numbers[key] for key in ("failures", "errors", "skipped"))
    return count


def run_command(command: list[str], env: dict[str, str], cwd: Path) -> int:
    """Run with the output passed through; whatever it started ends with it."""
    child = subprocess.Popen(command, env=env, cwd=cwd, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        return child.wait()
    except KeyboardInterrupt:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=20)
        raise
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)


def _settings_home(scratch: Path) -> Path:
    """A home for tools that import Django's settings without running anything."""
    home = scratch / "home"
    if not home.exists():
        Config.from_values(home, {}).with_secrets().save()
    return home


def say(text: str) -> None:
    """A line to the person at the terminal, in order with the output of commands."""
    print(text, flush=True)
