"""Who calls, as E.164 digits in ATSN: a caller's number comes as +7…, 8…, 7… or ten digits, by the operator's taste."""

from ats.dialplan.elements.base import Site


def put_caller(site: Site) -> None:
    """What a stranger sent passes FILTER, so nothing of it is ever evaluated; an internal number stays as it is."""
    site.add("Set", "ATSN=${FILTER(0-9+,${CALLERID(num)})}")
    ten = "$[${LEN(${ATSN})} = 10]?7${ATSN}"
    eight = '$["${LEN(${ATSN})}${ATSN:0:1}" = "118"]?7${ATSN:1}'
    site.add("Set", f"ATSN=${{FILTER(0-9,${{IF({ten}:${{IF({eight}:${{ATSN}})}})}})}}")
