"""Lists the forms are made of: rights, roles, time zones, languages, hang-up causes."""

from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.http import HttpRequest
from ninja import Router, Schema

from ats.api.messages import causes, endings, language_of, right_names, role_names
from ats.api.shapes import CodeName
from ats.clients.rights import ROLE_RIGHTS, Right, Role

router = Router(tags=["meta"])


class RoleOut(CodeName):
    rights: list[str]


class CauseOut(Schema):
    """A Q.850 cause."""

    code: int
    name: str


class Meta(Schema):
    """`causes`: those a hang-up step may give; `endings`: those call detail names."""

    rights: list[CodeName]
    roles: list[RoleOut]
    time_zones: list[str]
    languages: list[CodeName]
    causes: list[CauseOut]
    endings: list[CauseOut]


@router.get("", response=Meta, auth=None)
def get_meta(request: HttpRequest) -> dict[str, Any]:
    """Codes with their names in the user's language."""
    language = language_of(request)
    rights, roles = right_names(language), role_names(language)
    return {
        "rights": [{"code": right.value, "name": rights[right]} for right in Right],
        "roles": [
            {"code": role.value, "name": roles[role], "rights": sorted(ROLE_RIGHTS[role])} for role in Role
        ],
        "time_zones": _ZONES,
        "languages": [{"code": code, "name": name} for code, name in settings.LANGUAGES],
        "causes": [{"code": code, "name": name} for code, name in causes(language).items()],
        "endings": [{"code": code, "name": name} for code, name in endings(language).items()],
    }


_ZONES = sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")
