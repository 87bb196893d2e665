"""Voice menus (S148-S159): one subroutine `m<id>` per menu that a step uses, native from announcement to number.

The first key is waited for the menu's time; with «Внутренние номера» more keys may follow it, unless no internal
number begins so. A menu returns the cause its number ended with, or «Нет ответа» after the last attempt.
"""

from ats.dialplan.elements.base import CAUSE, PATH, Finish, Site, check, count_step, returned
from ats.dialplan.language import spoken
from ats.dialplan.menuplan import KEY, MenuPlan
from ats.dialplan.model import ClientPlan, EnterMenu, Outcome
from ats.dialplan.writing import Exten

DIGIT_S = 3  # between the keys of an internal number
_WRONG = "pbx-invalid"


def enter_menu(site: Site, action: EnterMenu) -> Finish:
    site.add("Gosub", f"m{action.menu_id},1")
    return returned()


def compile_menus(plan: ClientPlan, context: str, exten: Exten) -> None:
    """Subroutines of the menus that steps lead to, and what keyed internal numbers lead to.

    Raises ValueError for a value that must not stand in a dialplan.
    """
    used = {
        step.action.menu_id
        for number in plan.numbers
        for step in number.steps
        if isinstance(step.action, EnterMenu)
    }
    known = {number.id for number in plan.numbers}
    internal = {number.digits: number.id for number in plan.numbers if not number.external}
    menus = [menu for menu in plan.menus if menu.id in used]
    for menu in menus:
        _menu(menu, plan.client_id, context, exten, internal if menu.extension_dial else {})
        for key, number_id in menu.keys.items():
            check(KEY, key)
            if number_id in known:
                _leads(exten, f"m{menu.id}k{key}", number_id)
    if any(menu.extension_dial for menu in menus):
        for digits, number_id in internal.items():
            _leads(exten, f"d{digits}", number_id, counted=True)


def _leads(exten: Exten, label: str, number_id: int, *, counted: bool = False) -> None:
    """`counted`: any number can be keyed, this menu's own among them; what a key leads to is known beforehand
    (`graph.guarded_numbers`)."""
    add = exten(label)
    if counted:
        count_step(add)
    add("Gosub", f"g{number_id},1")
    add("Return", "${GOSUB_RETVAL}")


def _menu(menu: MenuPlan, client_id: int, context: str, exten: Exten, internal: dict[str, int]) -> None:
    label = f"m{menu.id}"
    sound = f"ats/{client_id}/{menu.sound_id}" if menu.sound_id else ""
    lines: list[tuple[str, str]] = []
    lines += spoken(menu.language)
    if not menu.ring_only:
        lines.append(("Set", f"ATSASK={sound}"))
    lines.append(("Set", "ATSTRY=0"))
    again = len(lines) + 1
    prompt, options = ("ring", "ie") if menu.ring_only else ("${ATSASK}", "e")
    lines += [
        ("Set", "ATSTRY=$[${ATSTRY} + 1]"),
        ("GotoIf", f"$[${{ATSTRY}} > {menu.attempts}]?{label}n,1"),
        ("Read", f"ATSKEY,{prompt},1,{options},1,{menu.wait_s}"),
    ]
    longest = max(map(len, internal), default=0)
    if longest > 1:
        first = "".join(sorted({digits[0] for digits in internal}))
        after = len(lines) + 4
        lines += [
            ("GotoIf", f'$["${{FILTER({first},${{ATSKEY}})}}" = ""]?{label},{after}'),
            ("Read", f"ATSMORE,,{longest - 1},,1,{DIGIT_S}"),
            ("Set", "ATSKEY=${ATSKEY}${ATSMORE}"),
        ]
    lines += [
        ("GotoIf", f'$["${{FILTER(0-9*#,${{ATSKEY}})}}" = ""]?{label},{again}'),
        ("Set", f"{PATH}=${{{PATH}}} k${{FILTER(0-9*#,${{ATSKEY}})}}"),
        ("GotoIf", f"${{DIALPLAN_EXISTS({context},{label}k${{ATSKEY}},1)}}?{label}k${{ATSKEY}},1"),
    ]
    if internal:
        lines.append(("GotoIf", f"${{DIALPLAN_EXISTS({context},d${{ATSKEY}},1)}}?d${{ATSKEY}},1"))
    if not menu.ring_only:
        lines.append(("Set", f"ATSASK={_WRONG}&{sound}" if sound else f"ATSASK={_WRONG}"))
    lines.append(("Goto", f"{label},{again}"))
    add = exten(label)
    for app, data in lines:
        add(app, data)
    exten(f"{label}n")("Return", str(CAUSE[Outcome.NO_ANSWER]))
