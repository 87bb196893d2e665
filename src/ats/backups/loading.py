"""The database of an archive that has been unpacked, put into the place that the settings name."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from ats.backups.archive import SQLITE, TABLES, Manifest, tables


class Unfit(Exception):
    """The archive cannot be restored here; the text says why in both languages."""


def check(manifest: Manifest) -> None:
    """Raise Unfit for an archive of a newer program, or of the other kind of database."""
    if manifest.database != connection.vendor:
        raise Unfit(
            f"В архиве база {manifest.database}, а в настройках {connection.vendor}: укажите ту же в db_url · "
            f"the archive holds {manifest.database}, the settings name {connection.vendor}: name the same in db_url"
        )
    known = MigrationLoader(None).disk_migrations or {}
    if newer := sorted(
        f"{app}.{name}" for app, name in manifest.migrations.items() if (app, name) not in known
    ):
        raise Unfit(
            f"Архив сделан более новой версией ({manifest.version}): {', '.join(newer)} · "
            f"the archive was made by a newer version ({manifest.version}): {', '.join(newer)}"
        )


def is_empty() -> bool:
    """Whether the database that the settings name holds nothing yet."""
    if connection.vendor == "sqlite":
        path = Path(str(connection.settings_dict["NAME"]))
        return not path.exists() or path.stat().st_size == 0
    return not set(connection.introspection.table_names()) & set(tables())


def load(folder: Path, manifest: Manifest) -> None:
    """Fill the empty database from the archive unpacked in `folder`, and bring it up to this program's models.

    Raises Unfit, OSError, DatabaseError; PostgreSQL is then as empty as before.
    """
    check(manifest)
    if connection.vendor == "sqlite":
        target = Path(str(connection.settings_dict["NAME"]))
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(".restored")
        shutil.copyfile(folder / SQLITE, draft)
        connection.close()
        for leftover in (f"{target}-wal", f"{target}-shm"):
            Path(leftover).unlink(missing_ok=True)
        os.replace(draft, target)
    else:
        for app, name in manifest.migrations.items():
            call_command("migrate", app, name, interactive=False, verbosity=0)
        _fill(folder / TABLES, manifest)
    call_command("migrate", interactive=False, verbosity=0)


def _fill(folder: Path, manifest: Manifest) -> None:
    """All tables in one transaction; foreign keys are looked at when it ends."""
    with transaction.atomic(), connection.cursor() as cursor:
        present = [table for table in tables() if (folder / f"{table}.copy").exists()]
        cursor.execute("TRUNCATE " + ", ".join(f'"{table}"' for table in present) + " CASCADE")
        for table in present:
            _fill_table(cursor.cursor, table, folder / f"{table}.copy")
        cursor.execute(_SEQUENCES)
        for table, column, sequence in cursor.fetchall():
            cursor.execute(
                f'SELECT setval(%s, GREATEST((SELECT coalesce(max("{column}"), 0) FROM "{table}"), 1))',  # noqa: S608
                [sequence],
            )
        counted = {table: count for table, count in manifest.rows.items() if table in present}
        for table, count in counted.items():
            cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608 - our own table names
            (found,) = cursor.fetchone()
            if found != count:
                raise Unfit(f"{table}: {found} ≠ {count}")


def _fill_table(cursor: Any, table: str, path: Path) -> None:
    with path.open("rb") as handle:
        columns = ", ".join(f'"{column}"' for column in json.loads(handle.readline()))
        with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
            while data := handle.read(1 << 16):
                copy.write(data)


_SEQUENCES = """
SELECT c.table_name, c.column_name, pg_get_serial_sequence(quote_ident(c.table_name), c.column_name)
FROM information_schema.columns c
WHERE c.table_schema = current_schema()
  AND pg_get_serial_sequence(quote_ident(c.table_name), c.column_name) IS NOT NULL
"""
