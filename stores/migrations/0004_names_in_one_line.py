from django.db import migrations, models

from stores.models.base import validate_one_line


class Migration(migrations.Migration):
    dependencies = [
        ("stores", "0003_sent_forms"),
    ]

    operations = [
        migrations.AlterField(
            model_name="apikey",
            name="name",
            field=models.CharField(max_length=200, validators=[validate_one_line]),
        ),
        migrations.AlterField(
            model_name="store",
            name="name",
            field=models.CharField(max_length=200, validators=[validate_one_line]),
        ),
    ]
