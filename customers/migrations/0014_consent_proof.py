"""Consent has a channel, its proof and the time from which it counts. Its rows are never changed."""

import django.core.serializers.json
import django.utils.timezone
from django.db import migrations, models
from django.db.models import F

CHANNELS = [("email", "E-mail"), ("sms", "SMS"), ("post", "Post")]
STATES = [("yes", "Yes"), ("no", "No"), ("pending", "Asked, not confirmed yet")]
REFUSAL = "consents are never changed: record a new one"
POSTGRESQL = [
    f"""
    CREATE FUNCTION refuse_consent_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND NEW.evidence = '{{}}'::jsonb
            AND to_jsonb(NEW) - 'evidence' = to_jsonb(OLD) - 'evidence' THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
    END
    $$
    """,
    """
    CREATE TRIGGER consent_is_append_only BEFORE UPDATE OR DELETE ON customers_consentchange
    FOR EACH ROW EXECUTE FUNCTION refuse_consent_change()
    """,
]
UNDO_POSTGRESQL = [
    "DROP TRIGGER consent_is_append_only ON customers_consentchange",
    "DROP FUNCTION refuse_consent_change()",
]
UNDO_SQLITE = ["DROP TRIGGER consent_refuses_update", "DROP TRIGGER consent_refuses_delete"]
ABORT = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"


def sqlite_triggers(connection):
    """Return the triggers of SQLite. A later migration that adds a column must make the first one again."""
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, "customers_consentchange")
    same = [f"new.{column.name} IS old.{column.name}" for column in columns if column.name != "evidence"]
    condition = f"NOT (new.evidence = '{{}}' AND {' AND '.join(same)})"
    return [
        f"CREATE TRIGGER consent_refuses_update BEFORE UPDATE ON customers_consentchange WHEN {condition} {ABORT}",
        f"CREATE TRIGGER consent_refuses_delete BEFORE DELETE ON customers_consentchange {ABORT}",
    ]


def make_triggers(apps, schema_editor):
    is_postgres = schema_editor.connection.vendor == "postgresql"
    for statement in POSTGRESQL if is_postgres else sqlite_triggers(schema_editor.connection):
        schema_editor.execute(statement)


def drop_triggers(apps, schema_editor):
    is_postgres = schema_editor.connection.vendor == "postgresql"
    for statement in UNDO_POSTGRESQL if is_postgres else UNDO_SQLITE:
        schema_editor.execute(statement)


def fill(apps, schema_editor):
    changes = apps.get_model("customers", "ConsentChange").objects
    for granted, state in ((True, "yes"), (False, "no")):
        changes.filter(granted=granted).update(state=state, valid_from=F("changed_at"))


def unfill(apps, schema_editor):
    changes = apps.get_model("customers", "ConsentChange").objects
    changes.filter(state="yes").update(granted=True)
    changes.exclude(state="yes").update(granted=False)


def column(name, field, **options):
    return migrations.AddField(model_name="consentchange", name=name, field=field, **options)


class Migration(migrations.Migration):
    dependencies = [("customers", "0013_erasable_notes")]
    operations = [
        column("channel", models.CharField(choices=CHANNELS, default="email", max_length=5)),
        column("state", models.CharField(choices=STATES, default="no", max_length=7)),
        column(
            "source",
            models.CharField(
                default="api", help_text="A dialect, form, import or admin.", max_length=50
            ),
        ),
        column(
            "wording",
            models.TextField(
                blank=True,
                default="",
                help_text="What the customer was told, word for word.",
                max_length=5000,
            ),
            preserve_default=False,
        ),
        column(
            "wording_version",
            models.CharField(blank=True, default="", max_length=50),
            preserve_default=False,
        ),
        column(
            "evidence",
            models.JSONField(
                blank=True,
                default=dict,
                encoder=django.core.serializers.json.DjangoJSONEncoder,
                help_text="What proves it, for example the time of a confirmed e-mail.",
            ),
        ),
        column(
            "valid_from",
            models.DateTimeField(default=django.utils.timezone.now, help_text="When it was said."),
        ),
        # With a default, so that the column can come back when this migration is undone.
        migrations.AlterField("consentchange", "granted", models.BooleanField(default=False)),
        migrations.RunPython(fill, unfill),
        migrations.RemoveField("consentchange", "granted"),
        migrations.AlterField(
            "consentchange",
            "changed_at",
            models.DateTimeField(
                default=django.utils.timezone.now, help_text="When it was recorded."
            ),
        ),
        migrations.RunPython(make_triggers, drop_triggers),
    ]
