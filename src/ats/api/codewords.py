"""States as files for people call them, (Russian, English) by their code: the same words as on the screen."""

from collections.abc import Mapping

Words = Mapping[str, tuple[str, str]]

CAMPAIGN_STATUS: Words = {
    "blocked": ("заблокирована", "blocked"),
    "active": ("активна", "active"),
    "finished": ("завершена", "finished"),
}
CAMPAIGN_REASON: Words = {
    "starter_gone": ("запустивший удалён", "whoever started it was deleted"),
    "starter_off": ("запустивший заблокирован", "whoever started it is blocked"),
    "starter_right": (
        "у запустившего нет права «Телемаркетинг»",
        "whoever started it lost the right “Telemarketing”",
    ),
}
CALLED_STATE: Words = {
    "waiting": ("ждёт очереди", "waiting"),
    "calling": ("идёт звонок", "being called"),
    "answered": ("ответил", "answered"),
    "busy": ("занято", "busy"),
    "no_answer": ("нет ответа", "no answer"),
    "failed": ("не дозвонились", "not reached"),
}
REGISTRATION: Words = {
    "registered": ("зарегистрирован", "registered"),
    "unregistered": ("не зарегистрирован", "not registered"),
    "unreachable": ("недоступен", "unreachable"),
    "reachable": ("доступен", "reachable"),
    "rejected": ("отклонён", "rejected"),
    "stopped": ("остановлен", "stopped"),
}
CALL_RESULT: Words = {
    "answered": ("отвечен", "answered"),
    "no_answer": ("нет ответа", "no answer"),
    "busy": ("занято", "busy"),
    "cancelled": ("отменён звонившим", "cancelled"),
    "no_route": ("нет маршрута", "no route"),
    "failed": ("ошибка", "failed"),
    "lost": ("прерван сбоем", "cut by a fault"),
}
