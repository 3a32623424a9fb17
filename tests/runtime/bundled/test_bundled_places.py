"""Which server is started, and where its data and its socket may be."""

import os
from pathlib import Path

import pytest
from embedded_processes import client, valkey_binary

from alerts.errors import BadInput, Unreachable
from alerts.runtime import attach
from alerts.settings import Settings


@pytest.mark.parametrize("name", ["redis-server", "valkey-server"])
def test_a_server_on_path_is_preferred(settings, folder, monkeypatch, name):
    (folder / "bin").mkdir()
    (folder / "bin" / name).symlink_to(valkey_binary())
    monkeypatch.setenv("PATH", f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}")
    with attach(settings), client(settings) as asking:
        assert asking.info("server")["executable"] == str(folder / "bin" / name)


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        ("too old", "echo 'Redis server v=6.2.14 sha=00000000:0 malloc=jemalloc'"),
        ("cannot tell what is on disk", "echo 'Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc'"),
        ("broken", "exit 127"),
        ("something else", "echo hello"),
    ],
)
def test_a_server_on_path_that_cannot_serve_is_passed_over(settings, folder, monkeypatch, sentence, says):
    """Redis 7.0 of the system won over the Valkey that came with us, and could not keep the first promise."""
    (folder / "bin").mkdir()
    (folder / "bin" / "redis-server").write_text(f"#!/bin/sh\n{says}\n")
    (folder / "bin" / "redis-server").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin")
    with attach(settings), client(settings) as asking:
        assert asking.info("server")["executable"] == str(valkey_binary()), sentence


def test_a_server_that_refuses_to_start_is_quoted(settings, folder, monkeypatch):
    (folder / "bin").mkdir()
    (folder / "bin" / "redis-server").write_text(
        "#!/bin/sh\n[ $1 = --version ] && echo 'Redis server v=7.2.0' && exit\necho no such luck; exit 1\n"
    )
    (folder / "bin" / "redis-server").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(Unreachable) as refused, attach(settings):
        pytest.fail("nothing to attach to")
    assert "no such luck" in refused.value.hint


class IndividualCases(Settings):
    """Settings of a deep home, whose socket is in a short folder beside it."""

    @property
    def socket_path(self) -> Path:
        return self.home.parents[5] / "short" / "redis.sock"


def test_a_deep_home_has_its_socket_in_a_short_private_folder(folder):
    deep = IndividualCases(home=folder.joinpath(*["a-rather-long-name"] * 6))
    with attach(deep), client(deep) as asking:
        assert asking.config_get("dir")["dir"] == str(deep.home / "redis")
        assert deep.socket_path.parent.stat().st_mode & 0o777 == 0o700


def test_a_short_folder_that_is_a_link_is_refused(folder):
    """Somebody who can write to /tmp could have made it, and would read every update."""
    (folder / "elsewhere").mkdir()
    (folder / "short").symlink_to(folder / "elsewhere")
    deep = IndividualCases(home=folder.joinpath(*["a-rather-long-name"] * 6))
    with pytest.raises(BadInput, match="does not belong to you"), attach(deep):
        pytest.fail("nothing to attach to")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_home_of_somebody_else_is_refused(settings):
    settings.home.mkdir()
    os.chown(settings.home, 12345, -1)
    with pytest.raises(BadInput, match="does not belong to you"), attach(settings):
        pytest.fail("nothing to attach to")


def test_a_home_that_is_a_file_is_refused(settings):
    settings.home.write_text("not a folder")
    with pytest.raises(BadInput, match="cannot be made"), attach(settings):
        pytest.fail("nothing to attach to")
