import pytest
from pytest_django.fixtures import Settings

from apps.generation.providers.endpoints import check_endpoint, is_public, refuse_private, resolve_host
from apps.generation.providers.errors import AddressRefusedError, UnreachableError

PUBLIC = "93.184.215.14"


@pytest.fixture(autouse=True)
def only_public(settings: Settings) -> None:
    settings.ALLOW_PRIVATE_ENDPOINTS = False


def resolve_to(*addresses: str):
    return lambda host, port: list(addresses)


def test_a_public_address_is_taken_and_tidied() -> None:
    url = check_endpoint(" https://models.example.org/v1/ ", resolve=resolve_to(PUBLIC))
    assert url == "https://models.example.org/v1"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "models.example.org/v1",
        "ftp://models.example.org",
        "file:///etc/passwd",
        "gopher://models.example.org",
        "https://",
        "https://user:secret@models.example.org/v1",
        "https://models.example.org/v1?key=1",
        "https://models.example.org/v1#part",
        "https://[::1",
        "https://models.example.org:99999/v1",
        "https://models.example.org/v1\r\nX-Header: 1",
        "https://models.example.org/v 1",
        "https://models.example.org/\u200bv1",
    ],
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(AddressRefusedError):
        check_endpoint(url, resolve=resolve_to(PUBLIC))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "2002:7f00:1::",
        "64:ff9b::a00:1",
        "64:ff9b:1::7f00:1",
        "::127.0.0.1",
        "fec0::1",
    ],
)
def test_private_addresses_are_refused(address: str) -> None:
    with pytest.raises(AddressRefusedError, match="not public"):
        check_endpoint("http://models.example.org/v1", resolve=resolve_to(address))


def test_one_private_address_among_public_ones_is_enough() -> None:
    with pytest.raises(AddressRefusedError):
        check_endpoint("http://models.example.org", resolve=resolve_to(PUBLIC, "10.0.0.1"))


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:11434/v1", "http://[::1]/v1", "http://2130706433/v1", "http://0x7f.1/"]
)
def test_written_out_private_addresses_are_refused(url: str) -> None:
    with pytest.raises(AddressRefusedError):
        check_endpoint(url)


@pytest.mark.parametrize(
    "address", [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"]
)
def test_public_addresses(address: str) -> None:
    import ipaddress

    assert is_public(ipaddress.ip_address(address))


def test_the_operator_can_allow_private_addresses(settings: Settings) -> None:
    settings.ALLOW_PRIVATE_ENDPOINTS = True
    assert check_endpoint("http://localhost:11434/v1") == "http://localhost:11434/v1"
    with pytest.raises(AddressRefusedError):
        check_endpoint("file:///etc/passwd")


def test_whoever_connects_asks_about_the_address(settings: Settings) -> None:
    refuse_private(PUBLIC)
    with pytest.raises(AddressRefusedError, match=r"10\.0\.0\.1"):
        refuse_private("10.0.0.1")
    settings.ALLOW_PRIVATE_ENDPOINTS = True
    refuse_private("10.0.0.1")


def test_a_name_without_an_address() -> None:
    with pytest.raises(UnreachableError, match="no address"):
        resolve_host("nowhere.invalid", 80)
