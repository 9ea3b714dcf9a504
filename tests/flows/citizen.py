"""A citizen with an old phone: no JavaScript, cookies kept, forms sent as they came."""

import re
from dataclasses import dataclass, field

import httpx

from complaints.models import Complaint
from tests.portal import RunningPortal

STORY = "Papan jembatan lepas sejak Senin pagi. Anak-anak sekolah memutar dua kilometer lewat kebun."
CHECK = {"who": "officers", "read": "open", "tell": "keep", "name": "Sari"}


@dataclass
class Citizen:
    """Writes one report in four screens. Each page brings the token the next form needs."""

    portal: RunningPortal
    title: str
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.portal.client()

    def hidden(self, path: str) -> dict[str, str]:
        """The hidden fields of the form on a page."""
        page = self.client.get(path).text
        return dict(re.findall(r'<input type="hidden" name="(csrfmiddlewaretoken|draft)" value="([^"]*)"', page))

    def post(self, path: str, **fields: str) -> httpx.Response:
        """Open a page and send its form; where the server sent us is in the answer."""
        return self.client.post(path, data=self.hidden(path) | fields, follow_redirects=False)

    def says_where(self) -> None:
        assert self.portal.world
        answer = self.post("/lapor/", place=self.portal.world.pasar_lama.pk, landmark="depan pasar")
        assert answer.headers.get("Location") == "/lapor/masalah/", answer.text

    def tells(self) -> httpx.Response:
        return self.post("/lapor/masalah/", kind="PENGADUAN", title=self.title, story=STORY, happened_on_pick="today")

    def sends(self) -> httpx.Response:
        return self.post("/lapor/periksa/", **CHECK)

    def up_to_check(self) -> "Citizen":
        self.says_where()
        answer = self.tells()
        assert answer.headers.get("Location") == "/lapor/periksa/", answer.text
        return self

    def files(self) -> Complaint:
        """The whole way; the case it became."""
        answer = self.up_to_check().sends()
        assert answer.headers.get("Location") == "/lapor/selesai/", answer.text
        assert "hanya tampil sekali" in self.client.get("/lapor/selesai/").text
        return self.case

    @property
    def case(self) -> Complaint:
        return Complaint.objects.get(title=self.title)
