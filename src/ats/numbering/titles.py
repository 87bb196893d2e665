"""What a step is called in lists, arrows and the call detail, in the user's language."""

from ats.numbering.models import Step

_WORDS = {
    "ru": {"port": "SIP {}", "sound": "Звуковое сообщение {}", "number": "Номер {}", "hangup": "Отбой"},
    "en": {"port": "SIP {}", "sound": "Sound message {}", "number": "Number {}", "hangup": "Hang up"},
}


def step_title(step: Step, language: str) -> str:
    """Short name of what the step does, e.g. «SIP Линия 1» (its relations must be loaded)."""
    words = _WORDS.get(language, _WORDS["ru"])
    if step.action == Step.Action.PORT and step.port:
        return words["port"].format(step.port.name)
    if step.action == Step.Action.SOUND and step.sound:
        return words["sound"].format(step.sound.name)
    if step.action == Step.Action.NUMBER and step.to_number:
        return words["number"].format(step.to_number.digits)
    return words["hangup"]


def summary(steps: list[Step], language: str) -> str:
    """Where a number leads first: its first step of the lowest level, and how many more there are."""
    if not steps:
        return ""
    first = min(steps, key=lambda step: (step.level, step.position))
    rest = len(steps) - 1
    return step_title(first, language) + (f" +{rest}" if rest else "")
