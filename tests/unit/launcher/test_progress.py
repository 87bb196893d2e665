"""Parallel tasks: order, failure, and what is said of a failure."""

import io
import threading
from pathlib import Path

import pytest

from launcher.process import Interrupted, ProcessGroup, failure_hint
from launcher.progress import Board, Report, Task
from launcher.text import LaunchError


def _board(tmp_path: Path) -> tuple[Board, ProcessGroup, io.StringIO]:
    group, out = ProcessGroup(tmp_path / "log"), io.StringIO()
    return Board(group, tmp_path / "log", out), group, out


def test_tasks_run_in_parallel_and_in_order_of_need(tmp_path: Path) -> None:
    board, _, out = _board(tmp_path)
    both = threading.Barrier(2, timeout=5)
    done: list[str] = []

    def meet(_: Report) -> None:
        both.wait()

    board.run(
        [
            Task("c", "C", lambda say: done.append("c"), ("a", "b")),
            Task("a", "A", meet),
            Task("b", "B", meet),
        ]
    )
    assert done == ["c"]
    assert "C" in out.getvalue()


def test_a_failure_ends_the_others_and_skips_what_needs_it(tmp_path: Path) -> None:
    board, group, _ = _board(tmp_path)
    done: list[str] = []

    def fail(_: Report) -> None:
        raise LaunchError("broken")

    def sleep(_: Report) -> None:
        group.run(["sleep", "60"], what="sleep")

    tasks = [
        Task("a", "A", fail),
        Task("b", "B", lambda say: done.append("b"), ("a",)),
        Task("c", "C", sleep),
    ]
    with pytest.raises(LaunchError, match="broken"):
        board.run(tasks)
    assert done == []
    assert [task.state for task in tasks] == ["failed", "ended", "ended"]
    with pytest.raises(Interrupted):
        group.run(["true"], what="true")


def test_output_goes_to_the_log_but_secrets_do_not(tmp_path: Path) -> None:
    group = ProcessGroup(tmp_path / "log")
    assert group.run(["echo", "spoken"], what="echo") == "spoken\n"
    assert group.run(["sh", "-c", "printf 'hid'den"], what="echo", secret=True) == "hidden"
    log = (tmp_path / "log").read_text()
    assert "\nspoken\n" in log
    assert "hidden" not in log


def test_a_failure_shows_the_last_lines(tmp_path: Path) -> None:
    group = ProcessGroup(tmp_path / "log")
    with pytest.raises(LaunchError) as caught:
        group.run(["sh", "-c", "echo no space left on device; exit 7"], what="step")
    assert "7" in str(caught.value)
    assert "no space left" in str(caught.value)
    assert "df -h" in caught.value.hint


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(LaunchError, match="/no/such/program"):
        ProcessGroup(tmp_path / "log").run(["/no/such/program"], what="step")


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("E: Failed to fetch http://x  Temporary failure resolving 'x'", "network"),
        ("npm error code EAI_AGAIN", "network"),
        ("E: You don't have enough free space in /x.", "df -h"),
        ("tar: ./usr: Cannot write: No space left on device", "df -h"),
        ("E: Release file for x is not valid yet (invalid for another 3h)", "timedatectl"),
        ("The following signatures couldn't be verified: NO_PUBKEY 1", "debian-archive-keyring"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "hash"),
        ("npm error code SELF_SIGNED_CERT_IN_CHAIN", "update-ca-certificates"),
        ("FileNotFoundError: no such file or directory", ""),
        ("something else", ""),
    ],
)
def test_hints(said: str, word: str) -> None:
    assert word in failure_hint(said)
    assert bool(failure_hint(said)) == bool(word)
