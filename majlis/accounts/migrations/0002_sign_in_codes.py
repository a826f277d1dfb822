import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Rate limits live in PostgreSQL, shared by all processes: the table of Django's database cache, as `createcachetable`
# would make it.
CACHE = """
CREATE TABLE majlis_cache (cache_key varchar(255) NOT NULL PRIMARY KEY, value text NOT NULL, expires timestamp with time zone NOT NULL);
CREATE INDEX majlis_cache_expires ON majlis_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="SignInCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64)),
                ("wrong", models.PositiveSmallIntegerField(default=0)),
                ("issued_at", models.DateTimeField()),
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_in_code",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.RunSQL(CACHE, "DROP TABLE majlis_cache"),
    ]
