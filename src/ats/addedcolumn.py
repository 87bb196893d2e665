"""A column added by a migration without making its table anew."""

from typing import Any

from django.db import migrations


class AddColumn(migrations.AddField):
    """`AddField` of a number that is never null, at once on SQLite too.

    Django would copy a table of SQLite for it, and with that the triggers of the index of words would be gone, which
    would then be made anew of everything (`textsearch.upkeep`). What the column's default in the table is does not
    matter afterwards: Django always writes a value.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Add it, with the field's default in all rows."""
        model = to_state.apps.get_model(app_label, self.model_name)
        if schema_editor.connection.vendor != "sqlite":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        field = model._meta.get_field(self.name)
        parts = field.db_parameters(connection=schema_editor.connection)
        check = f" CHECK ({parts['check']})" if parts["check"] else ""
        schema_editor.execute(
            f'ALTER TABLE "{model._meta.db_table}" ADD COLUMN "{field.column}" {parts["type"]}'
            f" DEFAULT {int(field.get_default())} NOT NULL{check}"
        )

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Drop it; what was made of it must be gone."""
        model = from_state.apps.get_model(app_label, self.model_name)
        if schema_editor.connection.vendor != "sqlite":
            super().database_backwards(app_label, schema_editor, from_state, to_state)
            return
        column = model._meta.get_field(self.name).column
        schema_editor.execute(f'ALTER TABLE "{model._meta.db_table}" DROP COLUMN "{column}"')
