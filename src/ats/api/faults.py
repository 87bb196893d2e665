"""Pydantic's complaints about the shape of a request, as our field faults."""

from typing import Any

from ats.errors import Fault

_PLACES = ("body", "query", "path", "form", "file", "header", "cookie")
_TAGS = ("port", "sound", "number", "hangup")  # pydantic puts the tag of the action union into the path
_CODES = {
    "missing": "required",
    "int_type": "not_number",
    "int_parsing": "not_number",
    "int_from_float": "not_number",
    "int_parsing_size": "not_number",
    "string_type": "not_text",
    "bool_type": "not_flag",
    "bool_parsing": "not_flag",
    "list_type": "not_list",
    "date_type": "not_date",
    "date_parsing": "not_date",
    "date_from_datetime_parsing": "not_date",
    "datetime_type": "not_moment",
    "datetime_parsing": "not_moment",
    "datetime_from_date_parsing": "not_moment",
}


def field_faults(errors: list[dict[str, Any]]) -> dict[str, Fault]:
    """Faults by field path (`steps.2.action.port_id`), without the names of our own parameters."""
    return {_path(error.get("loc", ())): _fault(error) for error in errors}


def _path(loc: Any) -> str:
    parts = [str(part) for part in loc]
    if parts and parts[0] in _PLACES:
        body = parts[0] in ("body", "form")
        parts = parts[1:]
        if (
            body
            and parts
            and parts[0] == "payload"
            or parts
            and parts[0] in ("page", "filters")
            and len(parts) > 1
        ):
            parts = parts[1:]
    clean = [
        part
        for index, part in enumerate(parts)
        if not (part in _TAGS and index and parts[index - 1] == "action")
    ]
    return ".".join(clean)


def _fault(error: dict[str, Any]) -> Fault:
    kind = str(error.get("type", ""))
    context = error.get("ctx") or {}
    if kind in _CODES:
        return Fault(_CODES[kind])
    if kind == "string_too_long":
        return Fault("too_long", {"max": context["max_length"]})
    if kind in ("literal_error", "union_tag_invalid"):
        allowed = context.get("expected") or context.get("expected_tags") or ""
        return Fault("not_allowed", {"allowed": str(allowed)})
    return Fault("bad_value")
