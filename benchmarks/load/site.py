"""A worker process of the site: `python -m benchmarks.load.site PORT`. One request at a time, as a uWSGI worker of the LMS.

Each request passes the session, the CSRF check and the platform's other middleware, opens its own connection to the database
(`CONN_MAX_AGE` is 0 in the LMS), and reaches the self-assessment block through `XBlock.handle`.
"""

from __future__ import annotations

import logging
import sys
from types import SimpleNamespace

from django.http import HttpRequest, HttpResponse
from django.urls import path


def answer(request: HttpRequest) -> HttpResponse:
    """The handler `answer` of the block, for whoever is signed in."""
    from xblock.django.request import django_to_webob_request, webob_to_django_response

    from tests.xblocks.governance.runtimes import in_library

    block = in_library(SimpleNamespace(pk=request.user.pk), round_kind="full")
    return webob_to_django_response(block.handle("answer", django_to_webob_request(request)))


urlpatterns = [path("answer/", answer)]


def main(port: int) -> None:
    import django
    import waitress
    from django.core.wsgi import get_wsgi_application

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that requests wait is what is measured
    django.setup()
    waitress.serve(get_wsgi_application(), host="127.0.0.1", port=port, threads=1)


if __name__ == "__main__":
    main(int(sys.argv[1]))
