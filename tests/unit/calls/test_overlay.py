"""Where calls in progress are on the picture."""

from ats.calls.overlay import under_way


def test_a_call_is_counted_once_where_it_is_now() -> None:
    paths = [
        "17/5/43 1 x3",  # at step 3, over the arrow from 1
        "17/5/43 1 x3 n4 17/5/44 9",  # step 4 handed it to another number
        "17/5/43 1",
        "17/5/43",  # no step yet
        "17/5/44 9",
        "",
    ]
    found = under_way(paths, 43)
    assert found["calls"] == 3
    assert {row["step_id"]: row["calls"] for row in found["steps"]} == {3: 1, 4: 1, 1: 1}
    arrows = {(row["from_id"], row["letter"], row["to_id"]) for row in found["arrows"]}
    assert arrows == {(1, "x", 3), (3, "n", 4)}
