"""Case-blind text search that knows Cyrillic on both databases.

SQLite's own LIKE folds only ASCII: «ромашка» would not find «Ромашка».
"""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models import BooleanField, Expression, Func

_BETWEEN = "\x1f"  # stands between fields that are looked through at once; nobody types it


class HoldsText(Func):
    """Whether any of the fields holds the text: a condition for `filter`."""

    output_field = BooleanField()

    def __init__(self, *fields: str | Expression, text: str, **extra: Any) -> None:
        super().__init__(*fields, **extra)
        self.text = text

    def as_sql(  # type: ignore[override] # has no function name or template
        self, compiler: Any, connection: Any, **_: Any
    ) -> tuple[str, Any]:
        # Digits have no case, and without looking for it PostgreSQL needs a third of the time.
        return self._like(compiler, "LIKE" if self.text.lower() == self.text.upper() else "ILIKE")

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, Any]:
        if self.text.isascii():
            return self._like(compiler, "LIKE")  # SQLite's own folds these letters, without asking Python
        parts = [compiler.compile(field) for field in self.get_source_expressions()]
        joined = f" || '{_BETWEEN}' || ".join(f"IFNULL({sql}, '')" for sql, _ in parts)
        return f"ats_has({joined}, %s)", [*_flat(parts), self.text.casefold()]

    def _like(self, compiler: Any, operator: str) -> tuple[str, Any]:
        pattern = f"%{escaped(self.text)}%"
        parts = [compiler.compile(field) for field in self.get_source_expressions()]
        where = " OR ".join(f"{sql} {operator} %s ESCAPE '\\'" for sql, _ in parts)
        return f"({where})", [value for _, values in parts for value in (*values, pattern)]


def _flat(parts: list[tuple[str, Any]]) -> list[Any]:
    return [value for _, values in parts for value in values]


def escaped(text: str) -> str:
    """The text as a part of a pattern of LIKE with `\\` as escape."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _has(value: str | None, folded: str) -> bool:
    return value is not None and folded in value.casefold()


def _teach_sqlite(sender: object, connection: BaseDatabaseWrapper, **_: object) -> None:
    if connection.vendor == "sqlite":
        connection.connection.create_function("ats_has", 2, _has, deterministic=True)


def teach() -> None:
    """Give every new SQLite connection the function the search needs."""
    connection_created.connect(_teach_sqlite, dispatch_uid="ats.textsearch")
