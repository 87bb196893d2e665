"""What money means to the engine, and what people ask about it."""

from dataclasses import replace

from ats.billing.models import DownPolicy
from ats.clients.models import Client
from ats.dialplan.model import ClientPlan
from ats.numbering.directions import Direction, local_prefixes


def with_money(plan: ClientPlan) -> ClientPlan:
    """The plan of a client that is billed asks before a call goes out; of another it comes back as it is."""
    account = Client.objects.filter(pk=plan.client_id).values_list("billing_account", flat=True).first()
    if not account:
        return plan
    return replace(plan, asks=True, when_down=tuple(_patterns(plan.area_code)))


def down_policy() -> list[str]:
    """Directions that billed clients may call while the authoriser is silent."""
    row = DownPolicy.objects.first()
    return list(row.directions) if row else []


def _patterns(area_code: str) -> list[str]:
    """The allowed directions as patterns over E.164 digits; order is nothing, the engine takes the most exact one."""
    allowed = down_policy()
    found: list[str] = []
    if Direction.MOBILE in allowed:
        found.append("79XXXXXXXXX")
    if Direction.LOCAL in allowed:
        prefixes = [*local_prefixes(area_code), "7800"]
        found += [prefix + "X" * (11 - len(prefix)) for prefix in prefixes]
    if Direction.LONG_DISTANCE in allowed:
        # Russia without mobile codes; local numbers of the home region are not told apart here.
        found += [f"7{digit}XXXXXXXXX" for digit in "3458"]
    if Direction.INTERNATIONAL in allowed:
        found += [f"{digit}X!" for digit in "1234568"] + ["9X!", "76XXXXXXXXX", "77XXXXXXXXX"]
    return found
