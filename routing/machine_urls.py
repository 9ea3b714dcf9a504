"""/api/v1/antrean/: agencies' own systems. The nouns of the acts are those of the desk."""

from django.urls import path

from routing.views import machine

app_name = "machine"

_VIEWS = {
    "start": machine.Start,
    "ask": machine.Ask,
    "unask": machine.Unask,
    "answer": machine.AnswerCase,
    "resolve": machine.Resolve,
    "hand_back": machine.HandBack,
    "note": machine.Note,
}

urlpatterns = [
    path("antrean/", machine.Queue.as_view(), name="queue"),
    path("antrean/<str:number>/", machine.DeskCase.as_view(), name="case"),
    path("antrean/<str:number>/berkas/", machine.DeskUpload.as_view(), name="upload"),
    path("antrean/<str:number>/berkas/<int:pk>/", machine.DeskFile.as_view(), name="file"),
    *[path(f"antrean/<str:number>/{noun}/", _VIEWS[verb].as_view(), name=verb) for verb, noun in machine.ACTS.items()],
]
