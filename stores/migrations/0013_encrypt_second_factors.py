from binascii import hexlify, unhexlify

from django.db import migrations

from stores.models.authenticator import encryptor, recovery_digests


def encrypt(apps, schema_editor):
    """Move the apps to the table with encrypted secrets, and store hashes of the recovery codes."""
    devices = apps.get_model("otp_totp", "TOTPDevice").objects
    apps.get_model("stores", "AuthenticatorApp").objects.bulk_create(
        apps.get_model("stores", "AuthenticatorApp")(
            user_id=device.user_id,
            name=device.name,
            confirmed=device.confirmed,
            secret=encryptor.encrypt(unhexlify(device.key)),
            drift=device.drift,
            last_t=device.last_t,
        )
        for device in devices.all()
    )
    devices.all().delete()
    for token in apps.get_model("otp_static", "StaticToken").objects.all():
        token.token = recovery_digests(token.token)[0]
        token.save(update_fields=["token"])


def decrypt(apps, schema_editor):
    """Move the apps back. Recovery codes are hashes: people make new ones."""
    authenticators = apps.get_model("stores", "AuthenticatorApp").objects
    apps.get_model("otp_totp", "TOTPDevice").objects.bulk_create(
        apps.get_model("otp_totp", "TOTPDevice")(
            user_id=app.user_id,
            name=app.name,
            confirmed=app.confirmed,
            key=hexlify(encryptor.decrypt(app.secret)).decode(),
            drift=app.drift,
            last_t=app.last_t,
        )
        for app in authenticators.all()
    )
    authenticators.all().delete()
    apps.get_model("otp_static", "StaticToken").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("stores", "0012_authenticator_apps"),
        ("otp_totp", "0003_add_timestamps"),
        ("otp_static", "0003_add_timestamps"),
    ]

    operations = [migrations.RunPython(encrypt, decrypt)]
