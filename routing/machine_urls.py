"""/api/v1/antrean/ and /api/v1/bantuan/: agencies' own systems. The nouns of the acts are those of the desk."""

from django.urls import path

from routing.views import machine, machine_helping

app_name = "machine"

_VIEWS = {
    "start": machine.Start,
    "ask": machine.Ask,
    "unask": machine.Unask,
    "answer": machine.AnswerCase,
    "resolve": machine.Resolve,
    "hand_back": machine.HandBack,
    "note": machine.Note,
    "invite": machine.Invite,
    "uninvite": machine.Uninvite,
}
_HELPERS_VIEWS = {"contribute": machine_helping.Contribute, "decline": machine_helping.Decline}

urlpatterns = [
    path("antrean/", machine.Queue.as_view(), name="queue"),
    path("antrean/<str:number>/", machine.DeskCase.as_view(), name="case"),
    path("antrean/<str:number>/berkas/", machine.DeskUpload.as_view(), name="upload"),
    path("antrean/<str:number>/berkas/<int:pk>/", machine.DeskFile.as_view(), name="file"),
    *[path(f"antrean/<str:number>/{noun}/", _VIEWS[verb].as_view(), name=verb) for verb, noun in machine.ACTS.items()],
    path("bantuan/", machine_helping.Helps.as_view(), name="helps"),
    path("bantuan/<str:number>/", machine_helping.HelpedCase.as_view(), name="help"),
    path("bantuan/<str:number>/berkas/", machine_helping.HelpUpload.as_view(), name="help_upload"),
    path("bantuan/<str:number>/berkas/<int:pk>/", machine_helping.HelpFile.as_view(), name="help_file"),
    *[
        path(f"bantuan/<str:number>/{noun}/", _HELPERS_VIEWS[verb].as_view(), name=verb)
        for verb, noun in machine_helping.ACTS.items()
    ],
]
