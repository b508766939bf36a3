"""What a WSGI server (granian, gunicorn) is given: ``kaohe.web.config.wsgi:application``."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaohe.web.config.settings")
application = get_wsgi_application()

# A page of two hundred rows makes some hundred thousand objects and drops them at its end: looking for cycles
# among them, and among the program's own that never go, costs a tenth of its time and finds next to nothing.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 20)
