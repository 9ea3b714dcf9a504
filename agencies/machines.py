"""For views that machines ask: who signs in with a key, how often they may, and what they may send.

`MachineView` is what every such view extends. A client is found in `request.auth` and as `self.client`; citizens'
programs have none, and are counted by their address.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, ParseError, PermissionDenied, Throttled
from rest_framework.parsers import BaseParser, JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from agencies.clients import sign_in
from agencies.models import ApiClient, Permission
from lapor.kit.ratelimit import Bucket, address, is_this_machine

# Of one address without a key. Reading is cheap; what costs (filing, files, guesses) is counted apart.
GUESTS = Bucket("api", burst=120, hourly=3600)
# Keys that open nothing: a program that was never told its key is new, or somebody who tries.
BAD_KEYS = Bucket("api-bad-keys", burst=30, hourly=120, strict=True)


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer lapor_…`. No header, no client; a key that opens nothing is refused (401)."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, ApiClient] | None:
        scheme, _space, key = get_authorization_header(request).partition(b" ")
        if not scheme:
            return None
        if scheme.lower() != b"bearer":
            raise AuthenticationFailed
        client = sign_in(key.decode("latin-1"))
        if client is None:
            if not BAD_KEYS.take(address(request._request)):
                raise Throttled(wait=3600 / BAD_KEYS.hourly)
            raise AuthenticationFailed
        # The person stays nobody: what a machine does, it does in its own name.
        return AnonymousUser(), client

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class ByClient(BaseThrottle):
    """A client by its own limit, everybody else by address. This machine itself is limited in *produksi* only."""

    _wait: float = 1

    def allow_request(self, request: Request, view: APIView) -> bool:
        client = request.auth
        if isinstance(client, ApiClient):
            bucket = Bucket("api-client", burst=max(1, client.hourly_limit // 10), hourly=client.hourly_limit)
            who = str(client.pk)
        else:
            bucket, who = GUESTS, address(request._request)
            if not settings.PRODUCTION and is_this_machine(who):
                return True
        self._wait = 3600 / bucket.hourly
        return bucket.take(who)

    def wait(self) -> float:
        """Seconds until there is one more."""
        return max(1, self._wait)


class StrictJson(JSONParser):
    """UTF-8 JSON of at most DATA_UPLOAD_MAX_MEMORY_SIZE; nesting beyond any sense is not read either."""

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, {**(parser_context or {}), "encoding": "utf-8"})
        except RecursionError as error:
            raise ParseError from error


class PlainJson(JSONRenderer):
    """ASCII: unpaired surrogates that somebody sent and we say again break no answer."""

    ensure_ascii = True


class MachineView(APIView):
    """JSON in and out, keys, limits; every error is a problem (lapor.kit.problems).

    `needs`: permissions a client must have; then who has no key is asked for one. None: also without a key.
    """

    authentication_classes = (KeyAuthentication,)
    throttle_classes = (ByClient,)
    parser_classes: Sequence[type[BaseParser]] = (StrictJson,)
    renderer_classes = (PlainJson,)
    http_method_names = ("get", "head", "post", "put", "patch", "delete")
    needs: tuple[Permission, ...] | None = None

    @property
    def client(self) -> ApiClient | None:
        client = self.request.auth
        return client if isinstance(client, ApiClient) else None

    def check_permissions(self, request: Request) -> None:
        if self.needs is None:
            return
        client = request.auth
        if not isinstance(client, ApiClient):
            raise NotAuthenticated
        if not all(client.may(permission) for permission in self.needs):
            raise PermissionDenied
