"""The program as a server sees it: pages by WSGI, the live room natively on ASGI."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "majlis.settings")

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

pages = get_wsgi_application()
application = WSGIMiddleware(pages, workers=10)  # type: ignore[arg-type]
