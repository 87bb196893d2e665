"""Stamps decide what an interrupted set-up does again."""

from pathlib import Path

from launcher import stamp


def test_a_step_is_current_only_for_its_own_inputs(tmp_path: Path) -> None:
    mark = tmp_path / "deep" / "x.stamp"
    assert not stamp.is_current(mark, "k")
    stamp.leave(mark, "k")
    assert stamp.is_current(mark, "k")
    assert not stamp.is_current(mark, "other")
    stamp.withdraw(mark)
    assert not stamp.is_current(mark, "k")
    stamp.withdraw(mark)  # twice is no error


def test_keys_see_names_contents_and_boundaries(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("a")
    two.write_text("b")
    key = stamp.key_of_files([one, two])
    assert key == stamp.key_of_files([two, one])
    two.write_text("c")
    assert key != stamp.key_of_files([one, two])
    assert stamp.key_of("ab", "c") != stamp.key_of("a", "bc")


def test_a_stamp_of_garbage_counts_as_none(tmp_path: Path) -> None:
    mark = tmp_path / "x.stamp"
    mark.write_bytes(b"\xff\xfe")
    assert not stamp.is_current(mark, "k")
