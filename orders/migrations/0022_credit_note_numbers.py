"""Adds credit notes with numbers of their own. A trigger refuses to change them, as payments."""

import django.db.models.deletion
import django.utils.timezone
import stores.models.base
from django.db import migrations, models

REFUSAL = "credit notes are never changed: post a correction"
TABLES = ("orders_creditnote", "orders_creditnoteline")
POSTGRESQL = [
    f"""
    CREATE FUNCTION refuse_credit_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
    END
    $$
    """,
    *(
        f"""
        CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION refuse_credit_note_change()
        """
        for table in TABLES
    ),
]
UNDO_POSTGRESQL = [
    *(f"DROP TRIGGER {table}_is_append_only ON {table}" for table in TABLES),
    "DROP FUNCTION refuse_credit_note_change()",
]
EVENTS = [(table, event) for table in TABLES for event in ("update", "delete")]
SQLITE = [
    f"""
    CREATE TRIGGER {table}_refuses_{event} BEFORE {event.upper()} ON {table}
    BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
    """
    for table, event in EVENTS
]
UNDO_SQLITE = [f"DROP TRIGGER {table}_refuses_{event}" for table, event in EVENTS]


def forwards(apps, schema_editor):
    is_postgres = schema_editor.connection.vendor == "postgresql"
    for statement in POSTGRESQL if is_postgres else SQLITE:
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    is_postgres = schema_editor.connection.vendor == "postgresql"
    for statement in UNDO_POSTGRESQL if is_postgres else UNDO_SQLITE:
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0021_letters'),
        ('stores', '0011_tax_years'),
    ]

    operations = [
        migrations.CreateModel(
            name='CreditNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=stores.models.base.new_uid, editable=False)),
                ('year', models.PositiveSmallIntegerField(editable=False)),
                ('sequence', models.PositiveIntegerField(editable=False)),
                ('number', models.CharField(editable=False, help_text='CN-<year>-<sequence>.', max_length=30)),
                ('credit_uid', models.UUIDField(editable=False, null=True)),
                ('credit_entry_uid', models.UUIDField(editable=False, null=True)),
                ('refund_uid', models.UUIDField(editable=False, null=True)),
                ('refund_entry_uid', models.UUIDField(editable=False, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credit_notes', to='orders.order')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='CreditNoteLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.DecimalField(decimal_places=3, max_digits=10)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credit_note_lines', to='orders.orderline')),
                ('note', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='orders.creditnote')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
            ],
        ),
        migrations.CreateModel(
            name='CreditNoteSequence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('last', models.PositiveIntegerField(default=0)),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
            ],
        ),
        migrations.AddIndex(
            model_name='creditnote',
            index=models.Index(fields=['store', 'order'], name='credit_notes_of_order'),
        ),
        migrations.AddIndex(
            model_name='creditnote',
            index=models.Index(fields=['store', 'created_at'], name='credit_notes_of_days'),
        ),
        migrations.AddConstraint(
            model_name='creditnote',
            constraint=models.UniqueConstraint(fields=('store', 'uid'), name='credit_note_uid_once'),
        ),
        migrations.AddConstraint(
            model_name='creditnote',
            constraint=models.UniqueConstraint(fields=('store', 'year', 'sequence'), name='credit_note_number_once'),
        ),
        migrations.AddConstraint(
            model_name='creditnote',
            constraint=models.CheckConstraint(condition=models.Q(('credit_uid', None), ('refund_uid', None), _negated=True), name='credit_note_has_payment'),
        ),
        migrations.AddConstraint(
            model_name='creditnote',
            constraint=models.UniqueConstraint(condition=models.Q(('credit_uid', None), _negated=True), fields=('store', 'credit_uid'), name='credit_note_of_credit'),
        ),
        migrations.AddConstraint(
            model_name='creditnote',
            constraint=models.UniqueConstraint(condition=models.Q(('credit_entry_uid', None), _negated=True), fields=('store', 'credit_entry_uid'), name='credit_note_of_credit_entry'),
        ),
        migrations.AddConstraint(
            model_name='creditnote',
            constraint=models.UniqueConstraint(condition=models.Q(('refund_uid', None), _negated=True), fields=('store', 'refund_uid'), name='credit_note_of_refund'),
        ),
        migrations.AddConstraint(
            model_name='creditnote',
            constraint=models.UniqueConstraint(condition=models.Q(('refund_entry_uid', None), _negated=True), fields=('store', 'refund_entry_uid'), name='credit_note_of_refund_entry'),
        ),
        migrations.AddIndex(
            model_name='creditnoteline',
            index=models.Index(fields=['store', 'line'], name='credit_notes_of_line'),
        ),
        migrations.AddConstraint(
            model_name='creditnoteline',
            constraint=models.UniqueConstraint(fields=('store', 'note', 'line'), name='credit_note_line_once'),
        ),
        migrations.AddConstraint(
            model_name='creditnoteline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='credit_note_quantity_positive'),
        ),
        migrations.AddConstraint(
            model_name='creditnotesequence',
            constraint=models.UniqueConstraint(fields=('store', 'year'), name='credit_sequence_once_a_year'),
        ),
        migrations.RunPython(forwards, backwards),
    ]
