"""The table that counts log-in attempts (settings.CACHES); not a model, so no ordinary migration makes it."""

from django.apps.registry import Apps
from django.core.management import call_command
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def create(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the table; nothing happens where it stands."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    initial = True
    dependencies = ()
    operations = (migrations.RunPython(create, migrations.RunPython.noop, elidable=False),)
