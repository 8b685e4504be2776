from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('imports', '0003_sources'),
    ]

    operations = [
        migrations.AddField(
            model_name='importsource',
            name='key',
            field=models.BinaryField(default=bytes),
        ),
    ]
