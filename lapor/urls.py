"""Every page of the portal: each app is included once."""

from django.urls import include, path, re_path
from django.views.i18n import set_language

from lapor import views, views_look

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error

urlpatterns = [
    path("", views.home, name="home"),
    # Early: an address is tried against each pattern until one fits, and citizens' pages are asked for most.
    path("", include("complaints.urls")),
    path("cara-kerja/", views.how_it_works, name="how"),
    path("data-pribadi/", views.personal_data, name="privacy"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("meja.webmanifest", views.desk_manifest, name="desk-manifest"),
    path("sw.js", views.service_worker, name="service-worker"),
    path("luring/", views.offline, {"name": "offline"}, name="offline"),
    path("luring/tulis/", views.offline, {"name": "offline-draft"}, name="offline-draft"),
    path("luring/meja/", views.offline, {"name": "offline-desk"}, name="offline-desk"),
    path("luring/tertahan/", views.offline, {"name": "offline-held"}, name="offline-held"),
    path("luring/bagikan/", views.share, name="share"),
    path("robots.txt", views.robots, name="robots"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("gaya/<slug:parts>.<str:version>.css", views_look.stylesheet, name="stylesheet"),
    path("komponen/", views_look.components, name="components"),
    path("komponen/galat/<str:status>/", views_look.faults, name="faults"),
    path("komponen/meja/", views_look.desk_components, name="desk-components"),
    path("", include("routing.urls")),
    path("bahasa/", set_language, name="set_language"),
    path("akun/", include("agencies.account_urls")),
    path("open311/", include("complaints.channels.open311.urls")),
    path("", include("agencies.urls")),
    path("api/v1/", include("complaints.channels.api.urls")),
    path("api/v1/", include("routing.machine_urls")),
    # Last: whatever is asked under it and is nothing, with or without a slash at its end.
    re_path(r"^api/", views.no_such_address, name="api-nothing"),
]
