"""RemoteFile: a file of a report that lies somewhere on the net and is still to be fetched."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from .message import Attachment, Message


class RemoteFileQuerySet(models.QuerySet["RemoteFile"]):
    def waiting(self) -> RemoteFileQuerySet:
        return self.filter(next_try__isnull=False)


class RemoteFile(models.Model):
    """Fetched by a worker and then an Attachment like any upload. What can't be had leaves one that says why."""

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="remote_files")
    # The message it came with; None: the report itself.
    message = models.ForeignKey(Message, models.PROTECT, null=True, blank=True, related_name="+")
    # Sealed: an address may carry a key to somebody's photos. Blank once it is fetched.
    url_sealed = models.TextField(blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    # When a worker may next try; one that takes it moves this ahead (its lease). None: done, either way.
    next_try = models.DateTimeField(null=True, blank=True)
    attachment = models.ForeignKey(Attachment, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = RemoteFileQuerySet.as_manager()

    class Meta:
        indexes = [
            # Read by the sweep.
            models.Index(fields=["next_try"], condition=models.Q(next_try__isnull=False), name="remote_file_waiting")
        ]

    def __str__(self) -> str:
        return f"berkas luar {self.pk}"
