"""What may hold a text, by the index of words: a few of many rows, without reading the others."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db import connections
from django.db.models import BooleanField, Expression, Func, Model, Q, QuerySet
from django.db.models.expressions import Col, RawSQL
from django.db.models.lookups import Exact

from ats.scoping import owner
from ats.textsearch.condition import HoldsText, escaped
from ats.textsearch.sources import KEY_BITS, KEY_MASK, KIND_MASK, TRIGRAM, Source, sought, source_of, words_of
from ats.textsearch.upkeep import INDEX, postgresql_index

M = TypeVar("M", bound=Model)
_known: dict[str, frozenset[str]] = {}  # database → what the index is made of there


def keys_holding(
    model: type[Model],
    texts: Sequence[str],
    *,
    limit: int,
    group: int | None = None,
    exactly: Sequence[tuple[str, str]] = (),
) -> RawSQL | None:
    """The keys of at most `limit` rows of a group that hold one of the texts, for `pk__in`; None: no index tells.

    `group`: None: all of them. A text of fewer than three letters must be at the beginning of a word. `exactly`:
    columns with values; a few rows that have just this are among the answer, however many hold the texts.
    """
    source = source_of(model)
    if source is None or not _is_there(source):
        return None
    parts: list[str] = []
    values: list[Any] = []
    for column, value in exactly:
        same, asked = _of_group(source, group)
        one = f'SELECT "id" FROM "{source.table}" WHERE {same} AND "{column}" = %s LIMIT 5'  # noqa: S608
        parts.append(f"SELECT * FROM ({one}) e")  # noqa: S608
        values += [*asked, value]
    for text in dict.fromkeys(texts):
        sql, asked = _holding(source, sought(text), group)
        parts.append(f"SELECT * FROM ({sql} LIMIT {limit:d}) h")  # noqa: S608
        values += asked
    return RawSQL(" UNION ALL ".join(parts), values)  # noqa: S611 - names are ours, values are parameters


def holding(rows: QuerySet[M], fields: Sequence[str], text: str) -> QuerySet[M]:
    """The rows of which one of the fields holds the text, found by the index of words where it knows them.

    `fields`: of the rows, or of what they refer to (`client__name`). A person who sees only his own things has few:
    there the index would only cost.
    """
    plainly = Q(HoldsText(*fields, text=text))
    if len(text) < TRIGRAM or owner() is not None:
        return rows.filter(plainly)
    names: dict[str, set[str]] = {}
    for field in fields:
        reference, _, name = field.rpartition("__")
        names.setdefault(reference, set()).add(name)
    sources: dict[str, Source] = {}
    for reference, searched in names.items():
        model: Any = rows.model._meta.get_field(reference).related_model if reference else rows.model
        source = source_of(model)
        if source is None or not searched <= set(source.fields) or not _is_there(source):
            return rows.filter(plainly)
        sources[reference] = source
    if set(sources) == {""} and _connection().vendor == "postgresql":
        return rows.filter(Q(_InWords(*sources[""].fields, piece=sought(text))), plainly)
    parts = {reference: (source, names[reference]) for reference, source in sources.items()}
    found = rows.filter(pk__in=_keys(rows, parts, text))
    exact = all(searched == set(source.fields) for source, searched in parts.values())
    return found if exact or _connection().vendor == "postgresql" else found.filter(plainly)


def _keys(rows: QuerySet[M], sources: Mapping[str, tuple[Source, set[str]]], text: str) -> RawSQL:
    """The keys of what itself, or what it refers to, holds the text; on PostgreSQL just in the fields asked for."""
    model = rows.model
    parts: list[str] = []
    values: list[Any] = []
    for reference, (source, searched) in sources.items():
        sql, asked = _holding(source, sought(text), _group(rows, source))
        if _connection().vendor == "postgresql" and searched != set(source.fields):
            plainly = " OR ".join(f"\"{name}\" ILIKE %s ESCAPE '\\'" for name in sorted(searched))
            sql, asked = f"{sql} AND ({plainly})", [*asked, *[f"%{escaped(text)}%"] * len(searched)]
        if reference:
            field: Any = model._meta.get_field(reference)
            sql = f'SELECT "id" FROM "{model._meta.db_table}" WHERE "{field.column}" IN ({sql})'  # noqa: S608
        parts.append(sql)
        values += asked
    return RawSQL(" UNION ALL ".join(parts), values)  # noqa: S611 - as above


def _group(rows: QuerySet[M], source: Source) -> int | None:
    """Of which group all rows are, as their own conditions say (what they refer to is of the same client); or None."""
    table = rows.model._meta.db_table
    one: Any
    for one in rows.query.where.children:
        column = one.lhs if isinstance(one, Exact) else None
        if isinstance(column, Col) and (column.alias, column.target.column) == (table, source.group):
            return int(one.rhs)
    return None


class _InWords(Func):
    """PostgreSQL: the condition that its index of words answers."""

    output_field = BooleanField()

    def __init__(self, *fields: str | Expression, piece: str, **extra: Any) -> None:
        super().__init__(*fields, **extra)
        self.piece = piece

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, Any]:  # type: ignore[override] # as HoldsText
        columns = [compiler.compile(field)[0] for field in self.get_source_expressions()]
        return f"{words_of(columns)} ILIKE %s ESCAPE '\\'", [f"%{escaped(self.piece)}%"]


def _holding(source: Source, piece: str, group: int | None) -> tuple[str, list[Any]]:
    if _connection().vendor == "sqlite":
        phrase = piece.replace('"', '""')
        if group is None:
            where, asked = f"(rowid >> {KEY_BITS}) & {KIND_MASK} = %s", [source.kind]
        else:
            where, asked = "rowid BETWEEN %s AND %s", [*source.places(group)]
        return (
            f"SELECT rowid & {KEY_MASK} FROM {INDEX} WHERE words MATCH %s AND {where}",  # noqa: S608
            [f'"{phrase}"', *asked],
        )
    same, values = _of_group(source, group)
    return (
        f'SELECT "id" FROM "{source.table}" WHERE {same} AND {source.words()} ILIKE %s ESCAPE \'\\\'',  # noqa: S608
        [*values, f"%{escaped(piece)}%"],
    )


def _of_group(source: Source, group: int | None) -> tuple[str, list[Any]]:
    return (f'"{source.group}" = %s', [group]) if source.group and group is not None else ("1 = 1", [])


def _is_there(source: Source) -> bool:
    return (INDEX if _connection().vendor == "sqlite" else postgresql_index(source)) in _made_of()


def _made_of() -> frozenset[str]:
    connection = _connection()
    name = f"{connection.vendor} {connection.settings_dict['NAME']}"
    if not _known.get(name):  # asked until it is there: once, in a process
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE name = %s AND type = 'table'"
                if connection.vendor == "sqlite"
                else "SELECT indexname FROM pg_indexes "
                "WHERE schemaname = current_schema() AND indexname LIKE %s || '%%'",
                [INDEX],
            )
            _known[name] = frozenset(found for (found,) in cursor.fetchall())
    return _known[name]


def _connection() -> Any:
    return connections["default"]
