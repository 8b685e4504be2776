"""Adds letters: statements and reminders by e-mail, what stores write in them, and who may send them."""

import django.db.models.deletion
import django.utils.timezone
import stores.models.base
from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations, models


EVERYBODY = ("Viewer", "Clerk", "Manager", "Administrator")
RIGHTS = {
    "view_letter": EVERYBODY,
    "add_letter": EVERYBODY[1:],
    **{
        f"{right}_{model}": EVERYBODY[2:]
        for right in ("add", "change", "delete", "view")
        for model in ("lettertext", "lettersettings")
    },
}


def grant(apps, schema_editor):
    # Permissions are made after the last migration only, and the groups need these now.
    create_permissions(installed.get_app_config("orders"), apps=apps, verbosity=0)
    permissions = apps.get_model("auth", "Permission").objects
    groups = apps.get_model("auth", "Group").objects
    for codename, names in RIGHTS.items():
        permission = permissions.get(codename=codename, content_type__app_label="orders")
        for group in groups.filter(name__in=names):
            group.permissions.add(permission)


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('customers', '0029_bulk_runs'),
        ('orders', '0020_reports'),
        ('stores', '0007_holds'),
    ]

    operations = [
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=stores.models.base.new_uid, editable=False)),
                ('level', models.PositiveSmallIntegerField(choices=[(0, 'Statement'), (1, 'First reminder'), (2, 'Second reminder'), (3, 'Third reminder')], verbose_name='kind')),
                ('address', models.CharField(max_length=254, verbose_name='sent to')),
                ('copy_to', models.CharField(blank=True, max_length=254)),
                ('first_day', models.DateField(help_text='Of a statement.', null=True, verbose_name='from')),
                ('last_day', models.DateField(help_text='Of a statement.', null=True, verbose_name='to')),
                ('overdue_since', models.DateField(help_text='Of a reminder: the first due day that had passed.', null=True)),
                ('amount', models.DecimalField(decimal_places=3, help_text='What it asked for, once it is sent.', max_digits=15, null=True)),
                ('state', models.CharField(choices=[('waiting', 'Waits for the worker'), ('sending', 'Being sent'), ('sent', 'Sent'), ('failed', 'Not sent'), ('dropped', 'Not needed any more')], default='waiting', max_length=7)),
                ('error', models.CharField(blank=True, max_length=500, verbose_name='why not')),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now, help_text='The next attempt, or when the present one is given up.')),
                ('actor_name', models.CharField(max_length=250, verbose_name='by')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('sent_at', models.DateTimeField(null=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='customers.customer')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['store', 'customer', '-id'], name='letters_of_customer'), models.Index(condition=models.Q(('state__in', ('waiting', 'sending'))), fields=['due_at', 'id'], name='letters_to_send')],
                'constraints': [models.UniqueConstraint(fields=('store', 'uid'), name='letter_uid_once'), models.UniqueConstraint(condition=models.Q(('level__gt', 0), models.Q(('state__in', ('failed', 'dropped')), _negated=True)), fields=('store', 'customer', 'level', 'overdue_since'), name='letter_reminder_once')],
            },
        ),
        migrations.CreateModel(
            name='LetterSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('letterhead', models.TextField(blank=True, help_text="Below the store's name: address, phone, tax number.", max_length=500)),
                ('how_to_pay', models.TextField(blank=True, help_text='For example the bank account, at the foot of letters.', max_length=500)),
                ('reply_to', models.EmailField(blank=True, max_length=254, verbose_name='answers go to')),
                ('reminds_by_itself', models.BooleanField(default=False, help_text='The worker sends each reminder on its day.', verbose_name='send reminders without being asked')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
            ],
            options={
                'verbose_name_plural': 'letter settings',
                'constraints': [models.UniqueConstraint(fields=('store',), name='letter_settings_once')],
            },
        ),
        migrations.CreateModel(
            name='LetterText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.PositiveSmallIntegerField(choices=[(0, 'Statement'), (1, 'First reminder'), (2, 'Second reminder'), (3, 'Third reminder')], verbose_name='kind')),
                ('days_overdue', models.PositiveSmallIntegerField(blank=True, help_text='Of a reminder: it goes out from this day on.', null=True, verbose_name='days overdue')),
                ('subject', models.CharField(max_length=150)),
                ('body', models.TextField(max_length=5000, verbose_name='text')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
            ],
            options={
                'ordering': ['level'],
                'constraints': [models.UniqueConstraint(fields=('store', 'level'), name='letter_text_once')],
            },
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
