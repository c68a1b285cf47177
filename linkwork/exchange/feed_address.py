"""Addresses that a directory may be fetched from, and connections to nowhere else.

An address is checked when it is used: its name is looked up, each number it stands for is held
against the list of what is not the public internet, and the connection goes to the very number
that was checked. Looking it up a second time could give another one.
"""

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit

from linkwork.errors import FileRefused

LONGEST = 2000
TRIED = 4
PORTS = {"http": 80, "https": 443}
UNWELCOME = re.compile(r"[\x00-\x20\x7f<>\"\\^`{|}]")
KEPT_IN_PATH = "/%:@!$&'()*+,;=~-._"
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# What no feed is at, and what Python takes for public or for a house’s own, in this patch or that:
# where clouds tell their machines secrets, and numbers that stand for others.
NEVER = tuple(
    ipaddress.ip_network(one)
    for one in (
        "100.64.0.0/10",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "224.0.0.0/3",
        "::ffff:0:0:0/96",
        "64:ff9b:1::/48",
        "100::/32",
        "2001::/32",
        "3fff::/20",
        "5f00::/16",
        "fd00:c1::/32",
        "fd00:ec2::/32",
        "fd20:ce::/32",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)
IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Address:
    """Where something is on the web: checked in its form, not yet looked up."""

    scheme: str
    host: str
    port: int
    path: str
    query: str

    @property
    def target(self) -> str:
        """Path and query, as a request names them."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def whole(self) -> str:
        """The address written out."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.target}"

    def below(self, *parts: str) -> "Address":
        """The address of something below this one, with the same query."""
        path = "/".join([self.path.rstrip("/"), *(quote(part, safe="") for part in parts)])
        return Address(self.scheme, self.host, self.port, path, self.query)

    def asking(self, **parameters: str | int | None) -> "Address":
        """The same address with these parameters in its query; None takes one out."""
        kept = parse_qsl(self.query, keep_blank_values=True)
        asked = [(name, value) for name, value in kept if name not in parameters]
        asked += [(name, str(value)) for name, value in parameters.items() if value is not None]
        return Address(self.scheme, self.host, self.port, self.path, urlencode(asked))

    def elsewhere(self, location: str) -> "Address":
        """Where an answer from here sends us on to. Raises FileRefused as ``read`` does."""
        there = read(urljoin(self.whole, location))
        if (self.scheme, there.scheme) == ("https", "http"):
            raise FileRefused(f"{self.host} sends us on to an address without HTTPS. Ask it why.")
        return there


def read(words: str) -> Address:
    """Make an address out of what somebody typed.

    Raises FileRefused where it is no address of the web, or carries a user and a password.
    """
    words = words.strip()
    if len(words) > LONGEST:
        raise FileRefused(f"The address is longer than {LONGEST:,} characters.")
    try:
        parts = urlsplit(words)
        port, host = parts.port, parts.hostname or ""
        host = host if ":" in host else host.encode("idna").decode()
    except (ValueError, UnicodeError):
        raise _no_address() from None
    if parts.scheme not in PORTS or not host or UNWELCOME.search(words) or port == 0:
        raise _no_address()
    if "@" in parts.netloc:
        raise FileRefused(
            "The address holds a user name or a password, which would be kept where others can "
            "read it. Ask for an address that is open."
        )
    path = quote(parts.path or "/", safe=KEPT_IN_PATH)
    query = quote(parts.query, safe=KEPT_IN_PATH + "?")
    return Address(parts.scheme, host, port or PORTS[parts.scheme], path, query)


def _no_address() -> FileRefused:
    return FileRefused(
        "That is not an address of the web. It begins with https:// or http://, and has no spaces."
    )


def connected(host: str, port: int, *, seconds: float, allow_private: bool) -> socket.socket:
    """A connection to one of the numbers that a name stands for.

    Raises FileRefused where none of them is public (or may be used, with ``allow_private``), and
    OSError where nobody answers.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    numbers = list(dict.fromkeys(str(one[4][0]) for one in found))
    allowed = [number for number in numbers if may_use(number, allow_private=allow_private)]
    if not allowed:
        raise FileRefused(
            f"{host} is an address inside a network, not on the public internet, and Linkwork does "
            "not fetch from there. Whoever runs it can allow that with LINKWORK_PRIVATE_FEEDS."
        )
    for number in allowed[: TRIED - 1]:
        try:
            return socket.create_connection((number, port), seconds)
        except OSError as error:
            nobody = error
    raise nobody


def may_use(number: str, *, allow_private: bool = False) -> bool:
    """Whether a directory may be fetched from this number of the internet.

    Numbers that stand for others (IPv4 written as IPv6, tunnels) are taken for those. What belongs
    to one line only, to groups or to nobody is never used: clouds keep their secrets there.
    """
    try:
        address = ipaddress.ip_address(number.partition("%")[0])
    except ValueError:
        return False
    return all(_is_allowed(one, allow_private) for one in (address, *_within(address)))


def _within(address: IPAddress) -> list[IPAddress]:
    if isinstance(address, ipaddress.IPv4Address):
        return []
    inner: list[IPAddress | None] = [address.ipv4_mapped, address.sixtofour]
    inner += address.teredo or ()
    if address in NAT64 or int(address) < 1 << 32:
        inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in inner if one is not None]


def _is_allowed(address: IPAddress, allow_private: bool) -> bool:
    if any(address in network for network in NEVER):
        return False
    is_mapped = isinstance(address, ipaddress.IPv6Address) and bool(address.ipv4_mapped)
    if address.is_loopback:
        return allow_private
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        return False
    is_of_a_site = isinstance(address, ipaddress.IPv6Address) and address.is_site_local
    if (address.is_global and not is_of_a_site) or is_mapped:
        return True
    return allow_private and address.is_private and not address.is_reserved
