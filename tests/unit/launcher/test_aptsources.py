"""The machine's package sources, in both formats apt knows."""

from pathlib import Path

import pytest

from launcher import aptsources
from launcher.aptsources import Source


def test_one_line_format() -> None:
    text = """
# deb http://commented.example/debian bookworm main
deb http://mirror.example/debian bookworm main contrib  # a note
deb [arch=amd64 signed-by=/usr/share/keyrings/x.gpg] https://other.example/debian/ bookworm-updates main
deb-src http://mirror.example/debian bookworm main
deb cdrom:[Debian 12]/ bookworm main
"""
    assert list(aptsources.parse_list(text)) == [
        Source("http://mirror.example/debian", "bookworm", ("main", "contrib")),
        Source("https://other.example/debian/", "bookworm-updates", ("main",), "/usr/share/keyrings/x.gpg"),
    ]


def test_deb822_format() -> None:
    text = """# the cloud image writes this
Types: deb deb-src
URIs: mirror+file:///etc/apt/mirrors/debian.list
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
# a comment between fields
URIs: http://one.example/debian
 http://two.example/debian
Suites: bookworm
Components: main contrib
Enabled: no

Types: deb-src
URIs: http://three.example/debian
Suites: bookworm
Components: main
"""
    found = list(aptsources.parse_deb822(text))
    keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"
    uri = "mirror+file:///etc/apt/mirrors/debian.list"
    assert found == [
        Source(uri, "bookworm", ("main",), keyring),
        Source(uri, "bookworm-updates", ("main",), keyring),
    ]


def test_deb822_continued_addresses_and_a_key_in_the_stanza() -> None:
    text = "Types: deb\nURIs:\n http://one.example/debian\n http://two.example/debian\nSuites: bookworm\n"
    text += "Components: main\nSigned-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc\n"
    found = list(aptsources.parse_deb822(text))
    assert [source.uri for source in found] == ["http://one.example/debian", "http://two.example/debian"]
    assert {source.signed_by for source in found} == {""}


def test_the_mirror_is_debians_own_not_security_nor_a_third_partys() -> None:
    sources = [
        Source("https://third.example/repo", "bookworm", ("stable",)),
        Source("http://sec.example/debian-security", "bookworm-security", ("main",)),
        Source("http://mirror.example/debian", "bookworm", ("main",)),
    ]
    assert aptsources.debian_mirror(sources, "bookworm") == sources[2]
    assert aptsources.debian_mirror(sources[:2], "bookworm") is None


def test_a_machine_with_both_formats(tmp_path: Path) -> None:
    (tmp_path / "sources.list").write_text("deb http://a.example/debian bookworm main\n")
    parts = tmp_path / "sources.list.d"
    parts.mkdir()
    (parts / "debian.sources").write_text(
        "Types: deb\nURIs: http://b.example/debian\nSuites: bookworm\nComponents: main\n"
    )
    (parts / "x.list.disabled").write_text("deb http://c.example/debian bookworm main\n")
    found = aptsources.machine_sources(tmp_path)
    assert [source.uri for source in found] == ["http://a.example/debian", "http://b.example/debian"]


def test_a_machine_without_sources(tmp_path: Path) -> None:
    assert aptsources.machine_sources(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ID=debian\nVERSION_CODENAME=bookworm\n", "bookworm"),
        ('VERSION_CODENAME="trixie"\n', "trixie"),
        ("", ""),
    ],
)
def test_codename(tmp_path: Path, text: str, name: str) -> None:
    path = tmp_path / "os-release"
    path.write_text(text)
    assert aptsources.codename(path) == name
