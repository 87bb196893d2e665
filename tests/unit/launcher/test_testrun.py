"""The sum at the end of `./ats test`."""

from pathlib import Path

import pytest

from launcher.testrun import Count, read_junit, summarise


def test_counts_of_a_report(tmp_path: Path) -> None:
    path = tmp_path / "r.xml"
    path.write_text('<testsuites><testsuite tests="10" failures="1" errors="2" skipped="3"/></testsuites>')
    count = read_junit("unit", path)
    assert (count.passed, count.failed, count.skipped) == (4, 3, 3)
    assert read_junit("unit", tmp_path / "missing.xml").passed == 0


def test_the_last_line_and_the_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert summarise([Count("unit", 5), Count("engine", 3, 0, 1)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "8 passed, 0 failed, 1 skipped"
    assert summarise([Count("unit", 5), Count("engine", 3, 1)]) == 1
    assert summarise([]) == 1  # nothing ran: that is no success
