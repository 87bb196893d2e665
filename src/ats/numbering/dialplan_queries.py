"""The dialplan of a number as the editor shows it."""

from typing import Any

from ats.media.models import Sound
from ats.numbering.models import Number, Step
from ats.numbering.titles import step_title
from ats.ports.models import Port


def step_rows(number_id: int, language: str) -> list[dict[str, Any]]:
    """Steps of a number in scope, in order of creation, with titles in the user's language."""
    steps = Step.objects.filter(number=number_id).select_related("port", "sound", "to_number")
    return [
        {
            "id": step.pk,
            "level": step.level,
            "action": _action(step),
            "timeout_s": step.timeout_s,
            "targets": {
                "forward": step.on_forward,
                "after_answer": step.on_answer,
                "no_answer": step.on_no_answer,
                "busy": step.on_busy,
                "no_route": step.on_no_route,
            },
            "calendar": {
                "days": [day for day in range(1, 8) if step.days & (1 << (day - 1))],
                "time_from": _time(step.time_from),
                "time_to": _time(step.time_to),
                "date_from": step.date_from,
                "date_to": step.date_to,
            },
            "x": step.x,
            "y": step.y,
            "title": step_title(step, language),
        }
        for step in steps.order_by("position")
    ]


def targets() -> dict[str, list[dict[str, Any]]]:
    """What a step of the client in scope may lead to."""
    ports = Port.objects.filter(connection=Port.Connection.SUBSCRIBER).order_by("name")
    numbers = Number.objects.filter(kind=Number.Kind.INTERNAL).order_by("digits")
    return {
        "ports": [{"id": port.pk, "title": f"{port.name} · {port.login}"} for port in ports],
        "sounds": [{"id": sound.pk, "title": sound.name} for sound in Sound.objects.order_by("name")],
        "numbers": [
            {"id": number.pk, "title": f"{number.digits} {number.name}".strip()} for number in numbers
        ],
    }


def _action(step: Step) -> dict[str, Any]:
    if step.action == Step.Action.PORT:
        return {"kind": "port", "port_id": step.port_id}
    if step.action == Step.Action.SOUND:
        return {"kind": "sound", "sound_id": step.sound_id}
    if step.action == Step.Action.NUMBER:
        return {"kind": "number", "number_id": step.to_number_id}
    return {"kind": "hangup", "cause": step.cause or 16}


def _time(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
