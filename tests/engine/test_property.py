"""Random dialplans take the same path on the real engine and in the simulator."""

from tests.harness.instance import Instance
from tests.harness.property import check


def test_engine_and_simulator_take_the_same_path(instance: Instance) -> None:
    report = check(instance, 300, seed=20261125)
    assert not report.differences, "\n\n".join(report.differences[:5])
    assert report.checked > 250
