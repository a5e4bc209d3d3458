"""The platform's API for providers, `/cgi-bin/…`, one module for each of its chapters."""

from engine.relay.api import codes, credentials, customer, files, menu, notices, quota, users

#: Of every chapter.
ROUTES = (
    *credentials.routes,
    *customer.routes,
    *files.routes,
    *menu.routes,
    *codes.routes,
    *users.routes,
    *notices.routes,
    *quota.routes,
)
