"""Open311 GeoReport v2 at /open311/v2/. The ending of an address is its format."""

from django.urls import path, re_path

from complaints.channels.open311 import views

app_name = "open311"

_FORMAT = r"\.(?P<format>\w+)$"

urlpatterns = [
    path("v2/", views.Discovery.as_view(), {"format": "xml"}, name="start"),
    # As it stands in discovery, typed by hand.
    path("v2", views.Discovery.as_view(), {"format": "xml"}, name="start_bare"),
    re_path(r"^(?:v2/)?discovery" + _FORMAT, views.Discovery.as_view(), name="discovery"),
    re_path(r"^v2/services" + _FORMAT, views.Services.as_view(), name="services"),
    re_path(r"^v2/services/(?P<code>[^/]+)" + _FORMAT, views.Definition.as_view(), name="definition"),
    re_path(r"^v2/requests" + _FORMAT, views.Requests.as_view(), name="requests"),
    re_path(r"^v2/requests/(?P<number>[^/]+)" + _FORMAT, views.OneRequest.as_view(), name="request"),
    re_path(r"^v2/tokens/(?P<token>[^/]+)" + _FORMAT, views.Token.as_view(), name="token"),
    # What there is not is refused in the format asked for, too.
    re_path(r"^.*\.(?P<format>xml|json)$", views.Nothing.as_view(), name="nothing_in_a_format"),
    re_path(r"^", views.Nothing.as_view(), name="nothing"),
]
