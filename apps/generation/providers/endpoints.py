"""Which addresses a model server may have.

People who configure models choose addresses that this machine then talks to, so it must not be talked into
reaching what only it can reach: its own services, its network, a cloud's metadata.
"""

import ipaddress
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings

from apps.generation.providers.errors import AddressRefusedError, UnreachableError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], list[str]]
NAT64 = ipaddress.ip_network("64:ff9b::/96")
# What Python takes for global: translation within a network, and the site-local addresses of old.
INNER = tuple(ipaddress.ip_network(block) for block in ("64:ff9b:1::/48", "fec0::/10"))


def resolve_host(host: str, port: int) -> list[str]:
    """Every address that a host has.

    Raises:
        UnreachableError: it has none.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnreachableError(f"no address was found for {host}") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def check_endpoint(url: str, *, resolve: Resolve = resolve_host) -> str:
    """`url` without a trailing slash, if a model server may be there.

    Raises:
        AddressRefusedError: it is no plain http or https address, or it leads into a private network and
            the setting ALLOW_PRIVATE_ENDPOINTS is off.
        UnreachableError: its host has no address.
    """
    url = url.strip().rstrip("/")
    if not url:
        raise AddressRefusedError("none was entered")
    if not url.isprintable() or " " in url:
        raise AddressRefusedError("it contains a space or a character that cannot be seen")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise AddressRefusedError(f"{url} is no web address") from error
    if parts.scheme not in {"http", "https"} or not host:
        raise AddressRefusedError(f"{url} does not start with http:// or https:// and a host")
    if parts.username or parts.password:
        raise AddressRefusedError("it contains a user or a password; a key has a field of its own")
    if parts.query or parts.fragment:
        raise AddressRefusedError("it ends in ?… or #…, where a path such as /v1 is wanted")
    if not settings.ALLOW_PRIVATE_ENDPOINTS:
        for address in resolve(host, port or (443 if parts.scheme == "https" else 80)):
            refuse_private(address, host)
    return url


def refuse_private(address: str, host: str = "") -> None:
    """Whoever connects asks this about the very address: a name that is asked again may lead elsewhere.

    Raises:
        AddressRefusedError: the address is private, and the setting ALLOW_PRIVATE_ENDPOINTS is off.
    """
    if settings.ALLOW_PRIVATE_ENDPOINTS or is_public(ipaddress.ip_address(address.partition("%")[0])):
        return
    raise AddressRefusedError(f"{host or 'it'} leads to {address}, which is not public")


def is_public(address: Address) -> bool:
    """Whether it lies on the open internet; an IPv6 address that wraps an IPv4 address counts as that one."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        # Where IETF has given no block away, ::/8 among them, nobody on the internet is.
        if address.is_reserved or any(address in block for block in INNER):
            return False
    return address.is_global and not address.is_multicast
