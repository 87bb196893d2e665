"""Feature codes in one place: what can be dialled or keyed besides numbers. A new feature is a line here.

The operator may change the digits (`ats.codes`); a code always holds `*` or `#`, numbers never do.
"""

from ats.dialplan.codes import agents, calls, pickup, service, voicemail
from ats.dialplan.codes.base import Feature, Place, Site
from ats.dialplan.codes.compiling import CONTEXT, compile_codes

FEATURES: tuple[Feature, ...] = (
    Feature("pickup", "888#", ("Перехват вызова группы", "Pick up a call of the group"), pickup.pick_up),
    Feature("agent_login", "*31", ("Агент очереди: вход", "Queue agent: log in"), agents.log_in),
    Feature("agent_logout", "*32", ("Агент очереди: выход", "Queue agent: log out"), agents.log_out),
    Feature("agent_pause", "*33", ("Агент очереди: пауза", "Queue agent: pause"), agents.pause),
    Feature(
        "agent_unpause", "*34", ("Агент очереди: конец паузы", "Queue agent: end of pause"), agents.go_on
    ),
    Feature("park", "*75", ("Парковка вызова", "Park a call"), calls.park),
    Feature(
        "unpark",
        "*76",
        ("Снять с парковки: код и место", "Take a parked call: code and place"),
        calls.take,
        True,
    ),
    Feature("transfer", "##", ("Перевод без консультации", "Blind transfer"), None),
    Feature("consult", "*2", ("Перевод с консультацией", "Attended transfer"), None),
    Feature("record", "*1", ("Запись разговора: начать и кончить", "Recording: begin and end"), None),
    Feature("echo", "*43", ("Проверка звука (эхо)", "Echo test"), service.echo),
    Feature("voicemail", "*97", ("Прослушать голосовую почту", "Listen to voicemail"), voicemail.listen),
    Feature("own_number", "*65", ("Назвать свой номер", "Read out one's own number"), service.own_number),
)

__all__ = ["CONTEXT", "FEATURES", "Feature", "Place", "Site", "compile_codes"]
