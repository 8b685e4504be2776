"""Apostrophes, hyphens, Arabic letters, umlauts, phones and e-mail domains are found in every spelling.

Back to an older release this leaves the newer forms, which that release reads, too: it then finds a few names with
typographic apostrophes or hyphens only when they are typed plainly, until the customer is saved again.
"""

from django.db import migrations

from customers.services.stored_forms import renew_search_texts, renew_tag_keys


def forwards(apps, schema_editor):
    renew_search_texts(apps.get_model("customers", "Customer").objects)
    renew_tag_keys(apps.get_model("customers", "Tag").objects)


class Migration(migrations.Migration):
    atomic = False  # each batch is committed, so that an interrupted run need not do it again

    dependencies = [("customers", "0011_depots_and_zones")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
