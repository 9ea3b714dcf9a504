"""/api/v1/: citizens' programs. What agencies' own systems ask stands in routing."""

from django.urls import path

from complaints.channels.api.views import about, filing, following, public, reference

app_name = "api"

urlpatterns = [
    path("", about.page, name="about"),
    path("schema/", about.Schema.as_view(), name="schema"),
    path("laporan/", filing.Reports.as_view(), name="reports"),
    path("berkas/", filing.Uploads.as_view(), name="uploads"),
    path("laporan/<str:number>/", following.Case.as_view(), name="case"),
    path("laporan/<str:number>/berkas/<int:pk>/", following.File.as_view(), name="file"),
    path("laporan/<str:number>/pesan/", following.Messages.as_view(), name="pesan"),
    path("laporan/<str:number>/penilaian/", following.Acceptance.as_view(), name="penilaian"),
    path("laporan/<str:number>/sanggahan/", following.Contest.as_view(), name="sanggahan"),
    path("laporan/<str:number>/pencabutan/", following.Withdrawal.as_view(), name="pencabutan"),
    path("laporan/<str:number>/pembukaan/", following.Reopening.as_view(), name="pembukaan"),
    path("laporan/<str:number>/kerahasiaan/", following.Secrecy.as_view(), name="kerahasiaan"),
    path("terbitan/", public.Publications.as_view(), name="publications"),
    path("terbitan/<str:number>/", public.PublicCase.as_view(), name="publication"),
    path("wilayah/", reference.Regions.as_view(), name="regions"),
    path("wilayah/<str:code>/", reference.OneRegion.as_view(), name="region"),
    path("instansi/", reference.Agencies.as_view(), name="agencies"),
    path("instansi/<int:pk>/", reference.OneAgency.as_view(), name="agency"),
    path("kategori/", reference.Categories.as_view(), name="categories"),
    path("status/", reference.Statuses.as_view(), name="statuses"),
]
