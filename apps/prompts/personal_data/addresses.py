"""E-mail and IP addresses."""

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address

# Scripts written without spaces: a name before the @ ends where one of them begins.
_NO_SPACES = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
_LOCAL = re.compile(rf"[^\s\x00-\x20()<>\[\]{{}}:;,@\\\"|/=?&*`~!#$^{_NO_SPACES}]")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_TOP = r"(?:xn--[A-Za-z0-9-]{2,59}|[A-Za-z]{2,24})"
_DOMAIN = re.compile(rf"@(?:{_LABEL}\.){{1,8}}{_TOP}(?![A-Za-z0-9(\[])")
_WIDE = r"[^\s\x00-,/:-@\[-`{-\x7f.]{1,63}"
_WIDE_DOMAIN = re.compile(rf"@(?:{_WIDE}\.){{1,8}}[^\s\x00-@\[-`{{-\x7f]{{2,24}}")
_CODE_HOST = re.compile(r"git@[\w.-]+:\S")


def find_emails(text: str) -> Iterator[tuple[int, int]]:
    """RFC 5322's unquoted addresses with a full domain name, in any script (RFC 6531)."""
    at = text.find("@")
    while at >= 0:
        match = _match_domain(text, at)
        start = _start_of_local(text, at) if match else at
        if match and start < at and not _CODE_HOST.match(text, start):
            yield start, match.end()
        at = text.find("@", match.end() if match else at + 1)


def _match_domain(text: str, at: int) -> re.Match[str] | None:
    narrow = _DOMAIN.match(text, at)
    wide = None if narrow else _WIDE_DOMAIN.match(text, at)
    return wide if wide and not wide[0].isascii() else narrow


def _start_of_local(text: str, at: int) -> int:
    start = at
    while start and at - start < 64 and _LOCAL.match(text, start - 1):
        start -= 1
    while start < at and not text[start].isalnum():
        start += 1
    return start


_IPV4 = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)", re.A)
_VERSION = re.compile(
    r"(?:\b(?:v|ver|version|release|build|firmware|driver|update|section|sec|chapter|clause|article|figure|fig|"
    r"table|step|rule|item|paragraph|appendix|§)[.:#]?\s*|[A-Za-z]/|§\s*)$",
    re.I,
)
_SPEAKS_OF_HOSTS = re.compile(r"\b(?:ips?|ipv4|address|addresses|hosts?|servers?|ping|dns)\b", re.I)
_HEX_RUN = re.compile(r"(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,8}(?:(?:\.\d{1,3}){3})?(?![\w:])")


def find_ips(text: str) -> Iterator[tuple[int, int]]:
    """IPv4 and IPv6 addresses that can be somebody's: no versions, sections or loopbacks."""
    if text.count(".") >= 3:
        yield from (match.span() for match in _IPV4.finditer(text) if _is_ipv4(match))
    if "::" in text or text.count(":") >= 7:
        yield from (match.span() for match in _HEX_RUN.finditer(text) if _is_ipv6(match[0]))


def _is_ipv4(match: re.Match[str]) -> bool:
    parts = [int(part) for part in match[0].split(".")]
    if max(parts) > 255 or any(part.startswith("0") and part != "0" for part in match[0].split(".")):
        return False
    if parts[0] in (0, 127, 255) or IPv4Address(match[0]).is_multicast:
        return False
    before = match.string[max(0, match.start() - 40) : match.start()]
    # 1.2.3.4 numbers a section more often than it is a machine.
    return not _VERSION.search(before) and (max(parts) >= 10 or bool(_SPEAKS_OF_HOSTS.search(before)))


def _is_ipv6(run: str) -> bool:
    if max(map(len, run.split(":"))) < 3:  # times, ratios, hardware addresses
        return False
    try:
        address = IPv6Address(run)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified or address.is_multicast)
