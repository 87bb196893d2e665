"""Case-blind text search that knows Cyrillic on both databases (`field__has_text`).

SQLite's own LIKE folds only ASCII: «ромашка» would not find «Ромашка».
"""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models import CharField, Lookup


@CharField.register_lookup
class HasText(Lookup):
    """`field__has_text="ромаш"`: the text stands anywhere in the field, letters compared without case."""

    lookup_name = "has_text"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, left_params = self.process_lhs(compiler, connection)
        return f"ats_has({left}, %s)", [*left_params, str(self.rhs).casefold()]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        left, left_params = self.process_lhs(compiler, connection)
        escaped = str(self.rhs).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return f"{left} ILIKE %s", [*left_params, f"%{escaped}%"]


def _has(value: str | None, folded: str) -> bool:
    return value is not None and folded in value.casefold()


def _teach_sqlite(sender: object, connection: BaseDatabaseWrapper, **_: object) -> None:
    if connection.vendor == "sqlite":
        connection.connection.create_function("ats_has", 2, _has, deterministic=True)


def install() -> None:
    """Give every new SQLite connection the function the lookup needs."""
    connection_created.connect(_teach_sqlite, dispatch_uid="ats.api.search")
