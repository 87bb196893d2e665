"""The cabinet: built with Node from the Python environment, in a copy under $ATS_TOOLS.

The checkout is only read, so an ordinary user can run a checkout that belongs to another.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from ats.config import CHECKOUT, Config
from launcher import pythonenv, stamp
from launcher.process import ProcessGroup
from launcher.progress import Report
from launcher.text import tr

SOURCE = CHECKOUT / "web"
MACHINE_CERTS = Path("/etc/ssl/certs/ca-certificates.crt")
# Never copied: what a developer's own npm run leaves in the checkout.
LEFT_OUT = {"node_modules", "dist", "openapi.json", "generated", ".vite", "coverage", "test-results"}


def build_dir(config: Config) -> Path:
    """The copy of `web/` in which npm works."""
    return config.tools / "web-build"


def is_ready(config: Config) -> bool:
    """True when the built cabinet is of the present sources, Python ones included (its typed client)."""
    return stamp.is_current(config.web_dir / ".stamp", _sources_key())


def _sources_key() -> str:
    api = (path for path in (CHECKOUT / "src/ats").rglob("*.py") if "migrations" not in path.parts)
    return stamp.key_of_files([*_sources(), *api])


def _build_key(openapi: Path) -> str:
    """Key of what really goes into the build: its own sources and the description of the API."""
    return stamp.key_of_files([*_sources(), openapi])


def node_env(config: Config) -> dict[str, str]:
    """Environment in which `node`, `npm` and `npx` are the ones from PyPI."""
    path = f"{_shims(config)}:{config.tools / 'venv/bin'}:{os.environ.get('PATH', '/usr/bin:/bin')}"
    return {
        # Node knows only its own list of authorities; a company's proxy is in the machine's.
        **({"NODE_EXTRA_CA_CERTS": str(MACHINE_CERTS)} if MACHINE_CERTS.exists() else {}),
        **os.environ,
        "PATH": path,
        "ATS_WEB_OUT": str(config.web_dir),
        "npm_config_update_notifier": "false",
        "npm_config_fund": "false",
        "npm_config_audit": "false",
        "npm_config_cache": str(config.tools / "npm-cache"),
        "CI": "1",
    }


def _shims(config: Config) -> Path:
    """A folder with working `node`, `npm` and `npx`: the wheel's own npm is a broken copy of a link."""
    node = pythonenv.node_dir(config)
    folder = config.tools / "node-bin"
    folder.mkdir(parents=True, exist_ok=True)
    scripts = {"node": f'exec "{node}/bin/node" "$@"'}
    for name in ("npm", "npx"):
        scripts[name] = f'exec "{node}/bin/node" "{node}/lib/node_modules/npm/bin/{name}-cli.js" "$@"'
    for name, line in scripts.items():
        path = folder / name
        text = f"#!/bin/sh\n{line}\n"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            path.chmod(0o755)
    return folder


def npm(config: Config) -> list[str]:
    """The words that run npm."""
    node = pythonenv.node_dir(config)
    return [str(node / "bin/node"), str(node / "lib/node_modules/npm/bin/npm-cli.js")]


def install_modules(config: Config, group: ProcessGroup, report: Report) -> None:
    """Copy the sources and run `npm ci` when the lock changed."""
    copy_sources(config)
    place = build_dir(config)
    mark = place / "node_modules" / ".ats-stamp"
    key = stamp.key_of((place / "package-lock.json").read_text(encoding="utf-8"))
    if stamp.is_current(mark, key):
        return
    stamp.withdraw(mark)
    report("npm ci")

    def line(text: str) -> None:
        if fetched := re.search(r"http fetch GET \d+ \S*/([^/]+)\.tgz", text):
            report(fetched.group(1))

    group.run(
        [*npm(config), "ci", "--no-audit", "--no-fund", "--loglevel=http", "--prefer-offline"],
        what="npm ci",
        env=node_env(config),
        cwd=place,
        on_line=line,
    )
    stamp.leave(mark, key)


def build(config: Config, group: ProcessGroup, report: Report, manage_env: dict[str, str]) -> None:
    """Export the API's description; when it or the sources changed, build the cabinet into $ATS_TOOLS/web."""
    sources_key = _sources_key()
    place = build_dir(config)
    report(tr("описание API", "API description"))
    group.run(
        [config.venv_python, "-m", "ats.manage", "export_openapi", "--out", place / "openapi.json"],
        what=tr("описание API", "API description"),
        env=manage_env,
        cwd=CHECKOUT,
    )
    built = config.web_dir / ".built"
    build_key = _build_key(place / "openapi.json")
    if not stamp.is_current(built, build_key):
        _npm_build(config, group, report)
        stamp.leave(built, build_key)
    stamp.leave(config.web_dir / ".stamp", sources_key)
    report(tr("собран", "built"))


def _npm_build(config: Config, group: ProcessGroup, report: Report) -> None:
    report("npm run build")
    fresh = config.tools / "web.new"
    shutil.rmtree(fresh, ignore_errors=True)
    group.run(
        [*npm(config), "run", "build"],
        what=tr("сборка кабинета", "building the cabinet"),
        env={**node_env(config), "ATS_WEB_OUT": str(fresh)},
        cwd=build_dir(config),
        on_line=lambda text: report(text.strip() or "…"),
    )
    # The web process may be serving the old build: put the new one in its place by renames.
    old = config.tools / "web.old"
    shutil.rmtree(old, ignore_errors=True)
    if config.web_dir.exists():
        os.rename(config.web_dir, old)
    os.rename(fresh, config.web_dir)
    shutil.rmtree(old, ignore_errors=True)


def copy_sources(config: Config) -> None:
    """Make the copy equal to `web/`, keeping the installed modules of earlier runs."""
    place = build_dir(config)
    place.mkdir(parents=True, exist_ok=True)
    wanted = {path.relative_to(SOURCE) for path in _sources()}
    for path in sorted(place.rglob("*")):
        inside = path.relative_to(place)
        if inside.parts[0] in LEFT_OUT or path.is_dir():
            continue
        if inside not in wanted and not _generated(inside):
            path.unlink()
    for inside in wanted:
        target = place / inside
        source = SOURCE / inside
        if target.exists() and target.read_bytes() == source.read_bytes():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def _generated(inside: Path) -> bool:
    return "generated" in inside.parts or inside.suffix == ".tsbuildinfo"


def _sources() -> list[Path]:
    found = []
    for folder, folders, files in os.walk(SOURCE):
        folders[:] = [name for name in folders if name not in LEFT_OUT]
        found += [Path(folder) / name for name in files if name not in LEFT_OUT]
    return found
