import uuid

from django.db import migrations, models


def one_each(apps, schema_editor):
    """A default would be worked out once for all sessions that are there."""
    Session = apps.get_model("dialogue", "Session")
    for session in Session.objects.all():
        session.calendar_uid = uuid.uuid4()
        session.save(update_fields=["calendar_uid"])


class Migration(migrations.Migration):
    atomic = False  # a constraint cannot be made in the transaction that fills its column

    dependencies = [("dialogue", "0003_sessions_calendar")]

    operations = [
        migrations.AddField("session", "calendar_uid", models.UUIDField(editable=False, null=True)),
        migrations.RunPython(one_each, migrations.RunPython.noop),
        migrations.AlterField(
            "session",
            "calendar_uid",
            models.UUIDField(default=uuid.uuid4, editable=False, help_text="UID of its calendar object", unique=True),
        ),
    ]
