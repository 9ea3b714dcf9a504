"""Who tries, and what of a case they should get: case.md section 6, copied by hand and not read from the code."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from agencies.actor import Actor
from agencies.models import Role, User
from complaints.intake import Submission, receive
from complaints.models import Complaint, Contribution
from routing import dispatch
from tests.world import World, programme

STORY = "Kanarikisah berbunyi di tengah cerita ini."
NAME = "Kanarinama Pelapor"
EMAIL = "kanarisurat@contoh.test"

# Flavours of a case: all lie at the Dinas PU of Kabupaten Sukamaju but the one about its conduct.
FLAVOURS = ("open", "anonymous", "secret", "conduct", "names an officer")


@dataclass(frozen=True)
class Viewer:
    who: Actor | User | None
    # Text of a case at the Dinas PU: open and secret; of one about its conduct, at the inspectorate.
    open: str
    secret: str
    conduct: str


HELPER = "liaison of a helping office"
FULL, MASKED, REASON, NOTHING = "full", "masked", "reason", "nothing"


def viewers(world: World) -> dict[str, Viewer]:
    """By role and scope: own office, subtree above, sibling office, another district, a programme, the centre,
    nobody."""
    regent = world.officer("Bupati", world.pemkab, Role.HEAD)
    unit = world.officer("Petugas Bidang", world.bidang_jalan, Role.LIAISON)
    province = world.officer("Pengawas Provinsi", world.pemprov, Role.OBSERVER)
    theirs, other = (
        world.officer(f"Pengawas {code}", world.root, Role.OBSERVER, programme=programme(code))
        for code in ("bersama", "lain")
    )
    helper = world.officer("Petugas Kominfo", world.kominfo, Role.LIAISON)
    nearby = world.officer("Pengawas tetangga", world.pemkab_tetangga, Role.OBSERVER, programme=programme("bersama"))
    return {
        "public": Viewer(None, NOTHING, NOTHING, NOTHING),
        "citizen": Viewer(world.rudi, NOTHING, NOTHING, NOTHING),
        "liaison of the handler": Viewer(world.joko, FULL, FULL, NOTHING),
        "head of the handler": Viewer(world.hana, FULL, FULL, NOTHING),
        "liaison of a unit below": Viewer(unit, NOTHING, NOTHING, NOTHING),
        "liaison of a sibling office": Viewer(world.dewi, NOTHING, NOTHING, NOTHING),
        "liaison of the inspectorate": Viewer(world.agus, NOTHING, NOTHING, FULL),
        "head above the handler": Viewer(regent, FULL, NOTHING, NOTHING),
        "coordinator over the handler": Viewer(world.wati, FULL, FULL, FULL),
        "liaison of another district": Viewer(world.yanto, NOTHING, NOTHING, NOTHING),
        "coordinator of another district": Viewer(world.tono, NOTHING, NOTHING, NOTHING),
        "liaison of a BUMN": Viewer(world.lina, NOTHING, NOTHING, NOTHING),
        "national": Viewer(world.ratna, FULL, REASON, REASON),
        "observer at the centre": Viewer(world.bayu, MASKED, REASON, REASON),
        "observer of the province": Viewer(province, NOTHING, NOTHING, NOTHING),
        "observer of its programme": Viewer(theirs, MASKED, REASON, REASON),
        "observer of another programme": Viewer(other, NOTHING, NOTHING, NOTHING),
        HELPER: Viewer(helper, MASKED, NOTHING, NOTHING),
        "observer of its programme in another district": Viewer(nearby, NOTHING, NOTHING, NOTHING),
    }


def text_of(role: str, viewer: Viewer, flavour: str) -> str:
    """What this viewer reads of a case of this flavour."""
    if flavour == "secret":
        return viewer.secret
    if flavour == "conduct":
        return viewer.conduct
    if flavour == "names an officer" and role in ("liaison of the handler", HELPER):
        # Pak Joko is the one it names; and what is about an officer is shared with no other office.
        return NOTHING
    return viewer.open


def cases(world: World) -> dict[str, Complaint]:
    """One case of each flavour, forwarded by the worker, of the programme "bersama", unpublished."""
    made = {flavour: _case(world, flavour) for flavour in FLAVOURS}
    named = made["names an officer"]
    dispatch.exclude(named, by=world.wati, officers=[world.joko.user] if world.joko.user else [])
    return {flavour: Complaint.objects.get(pk=case.pk) for flavour, case in made.items()}


def _case(world: World, flavour: str) -> Complaint:
    submission = Submission(
        channel="web",
        external_id=f"perizinan {flavour}",
        title=f"Uji {flavour}",
        body=STORY,
        place=world.sukasari,
        addressed_to=world.dinas_pu,
        name=NAME,
        email=EMAIL,
        anonymous=flavour == "anonymous",
        # A case about conduct is secret too: its readers are the fewest.
        secret=flavour in ("secret", "conduct"),
        about_conduct=flavour == "conduct",
        not_for=world.dinas_pu if flavour == "conduct" else None,
    )
    case = receive(submission).complaint
    dispatch.forward_by_itself(case.pk)
    case.tag(programme("bersama"), by=dispatch.WORKER, reason="Uji.")
    # The Kominfo is asked for help, as no verb would do it where the case is guarded: what is read must not hang on
    # the verbs alone.
    today = case.today()
    Contribution.objects.create(
        complaint=case,
        agency=world.kominfo,
        asked_from=world.dinas_pu,
        task="Uji.",
        asked_on=today,
        budget=5,
        due_on=today + datetime.timedelta(days=7),
    )
    return case
