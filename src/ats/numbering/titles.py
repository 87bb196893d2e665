"""What a step is called in lists, arrows and the call detail, in the user's language."""

from ats.numbering.models import Number, Step
from ats.numbering.step_kinds import KINDS


def step_title(step: Step, language: str) -> str:
    """Short name of what the step does, e.g. «SIP Линия 1» (its relations must be loaded)."""
    kind = KINDS[step.action]
    words = kind.words[1 if language == "en" else 0]
    if step.action == Step.Action.RING:
        return words.format(", ".join(_name(one.port or one.forwarding) for one in step.ringing.all()))
    if step.action == Step.Action.PORT and step.port:
        return f"{step.port.get_kind_display()} {step.port.name}"
    return words.format(_name(getattr(step, kind.field)) if kind.field else "")


def _name(thing: object) -> str:
    return thing.digits if isinstance(thing, Number) else str(getattr(thing, "name", ""))


def summary(steps: list[Step], language: str) -> str:
    """Where a number leads first: its first step of the lowest level, and how many more there are."""
    if not steps:
        return ""
    first = min(steps, key=lambda step: (step.level, step.position))
    rest = len(steps) - 1
    return step_title(first, language) + (f" +{rest}" if rest else "")
