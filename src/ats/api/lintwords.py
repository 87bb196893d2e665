"""Remarks on a dialplan (`dialplan.lint`) in both languages, by their codes; `days`: names of the days in them."""

# code: (Russian, English); {names} are filled from the remark
REMARKS: dict[str, tuple[str, str]] = {
    "days": ("пн вт ср чт пт сб вс", "Mon Tue Wed Thu Fri Sat Sun"),
    "no_steps": (
        "У внешнего номера нет шагов: звонящим отказ.",
        "The city number has no steps: callers are refused.",
    ),
    "unreachable": ("На уровень {level} не ведёт ни одна стрелка.", "No arrow leads to level {level}."),
    "shadowed": (
        "Шаг никогда не выбирается: его время целиком занято шагами уровня {level}, созданными раньше. "
        "Создавайте промежутки от меньшего к большему.",
        "The step is never taken: its time is covered by steps of level {level} created before it. "
        "Create narrow windows first.",
    ),
    "gap": (
        "На уровне {level} бывает время без действующего шага, например {clock}: вызов закончится.",
        "At level {level} there are times when no step applies, e.g. {clock}: the call ends.",
    ),
    "loop": (
        "Петля по уровням {way}: если никто не ответит, вызов пойдёт по кругу и оборвётся после 100 шагов.",
        "A loop through levels {way}: when nobody answers the call goes round and is cut off after 100 steps.",
    ),
    "paid_unlimited": (
        "Платный вызов наружу ничем не ограничен: задайте ограничения шага, номера переадресации или клиента.",
        "A paid call outside has no limit: set limits of the step, of the forwarding number or of the client.",
    ),
    "inactive_port": (
        "Порт выключен: «Нет маршрута» сразу.",
        "The port is switched off: no route at once.",
    ),
    "empty_number": (
        "У номера, куда ведёт шаг, нет шагов.",
        "The number the step leads to has no steps.",
    ),
    "empty_queue": (
        "В очереди нет ни одного агента: «Нет маршрута» сразу.",
        "The queue has no agent: no route at once.",
    ),
    "deaf_menu": (
        "В меню нет ни клавиш, ни донабора: оно кончится «Нет ответа», что ни нажми.",
        "The menu has neither keys nor dialling of internal numbers: whatever is pressed, it ends with no answer.",
    ),
    "empty_key": (
        "Клавиша {key} меню ведёт на номер без шагов.",
        "Key {key} of the menu leads to a number without steps.",
    ),
    "round": (
        "Номера ведут друг на друга по кругу: {way}. Если никто не ответит, вызов оборвётся после 100 шагов.",
        "The numbers lead to each other in a circle: {way}. When nobody answers the call is cut off after 100 steps.",
    ),
    "no_clip": (
        "У клиента нет внешнего номера: оператор такой вызов не выпустит.",
        "The client has no city number: the call will not be let out.",
    ),
}
