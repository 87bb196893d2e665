"""Who calls, as E.164 digits in ATSN: a caller's number comes as +7…, 8…, 7… or ten digits, by the operator's taste."""

from ats.dialplan.elements.base import Site

_TEN = "$[${LEN(${ATSN})} = 10]?7${ATSN}"
_EIGHT = '$["${LEN(${ATSN})}${ATSN:0:1}" = "118"]?7${ATSN:1}'
# What a stranger sent passes FILTER, so nothing of it is ever evaluated; an internal number stays as it is.
CALLER_LINES = (
    ("Set", "ATSN=${FILTER(0-9+,${CALLERID(num)})}"),
    ("Set", f"ATSN=${{FILTER(0-9,${{IF({_TEN}:${{IF({_EIGHT}:${{ATSN}})}})}})}}"),
)


def put_caller(site: Site) -> None:
    """Priorities of a step that needs to know."""
    for app, data in CALLER_LINES:
        site.add(app, data)
