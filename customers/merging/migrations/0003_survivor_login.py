from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("merging", "0002_rights")]
    operations = [
        migrations.AddField(
            model_name="merge",
            name="survivor_login_email",
            field=models.CharField(
                blank=True,
                default="",
                help_text="With which the survivor logged in before.",
                max_length=320,
            ),
            preserve_default=False,
        ),
    ]
