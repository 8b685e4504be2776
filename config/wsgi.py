import os

from django.core.wsgi import get_wsgi_application

from stores.sqlite.base import DatabaseWrapper

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
DatabaseWrapper.makes_files = False  # a server serves a book that `migrate` has made
