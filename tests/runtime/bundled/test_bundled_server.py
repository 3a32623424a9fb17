"""The bundled server with real processes: it is there for whoever needs it, once, and gone with the last."""

import os
import signal
import socket
import threading

import pytest
import redis
from embedded_processes import client, running, server_pid, until

from alerts.errors import Unreachable
from alerts.runtime import attach
from alerts.settings import Settings


def answers(asking: redis.Redis) -> bool:
    try:
        return bool(asking.ping())
    except redis.ConnectionError:
        return False


def test_it_runs_inside_the_block_and_not_after_it(settings):
    with attach(settings):
        pid = server_pid(settings)
        assert running(pid)
    until(lambda: not running(pid))
    assert not settings.socket_path.exists()


def test_it_forgets_nothing_and_listens_to_nobody_else(settings):
    with attach(settings), client(settings) as asking:
        config = asking.config_get("*")
        wanted = {
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "port": "0",
            "databases": "2",
            "dir": str(settings.home / "redis"),
        }
        assert {name: config[name] for name in wanted} == wanted
        assert settings.home.stat().st_mode & 0o777 == 0o700
        assert settings.socket_path.stat().st_mode & 0o777 == 0o700
        assert (settings.home / "redis" / "server.log").stat().st_size


def test_data_survives_a_restart(settings):
    with attach(settings), client(settings) as asking:
        asking.set("said", "yes")
        first = server_pid(settings)
    with attach(settings), client(settings) as asking:
        assert asking.get("said") == "yes"
        assert server_pid(settings) != first


def test_a_home_that_others_could_enter_is_closed_to_them(settings):
    settings.home.mkdir(mode=0o755)
    with attach(settings):
        assert settings.home.stat().st_mode & 0o777 == 0o700


def test_a_server_that_somebody_else_runs_is_left_alone(folder):
    with attach(Settings(home=folder / "home", redis_url="redis://127.0.0.1:1/0")):
        assert not (folder / "home").exists()


def test_two_users_share_one_server_and_the_last_one_stops_it(settings, user):
    first, second = user().arrived(), user().arrived()
    pid = server_pid(settings)
    first.leaves()
    assert server_pid(settings) == pid
    second.leaves()
    until(lambda: not running(pid))


def test_commands_that_start_at_once_start_one_server(settings, user):
    crowd = [user() for _ in range(5)]
    for one in crowd:
        one.arrived()
    starts = (settings.home / "redis" / "server.log").read_text().count("Ready to accept connections")
    assert starts == 1
    pid = server_pid(settings)
    for one in crowd:
        one.leaves()
    until(lambda: not running(pid))


def test_two_blocks_in_one_process_count_as_two_users(settings):
    with attach(settings):
        with attach(settings):
            pid = server_pid(settings)
        assert server_pid(settings) == pid
    until(lambda: not running(pid))


def test_coming_while_the_last_one_leaves_finds_a_server(settings):
    """Comers and leavers in every order: nobody inside the block ever finds the server gone."""
    failures = []

    def come_and_go():
        for _ in range(6):
            try:
                with attach(settings), client(settings) as asking:
                    asking.incr("visits")
            except Exception as error:  # noqa: BLE001 - whatever it is, it is told by the main thread
                failures.append(error)

    threads = [threading.Thread(target=come_and_go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with attach(settings), client(settings) as asking:
        assert asking.get("visits") == "24"


def test_a_killed_user_is_not_waited_for(settings, user):
    killed, other = user().arrived(), user().arrived()
    pid = server_pid(settings)
    killed.is_killed()
    assert server_pid(settings) == pid
    other.leaves()
    until(lambda: not running(pid))


def test_a_server_whose_users_were_all_killed_is_used_by_the_next_and_stopped(settings, user):
    only = user().arrived()
    pid = server_pid(settings)
    only.is_killed()
    assert running(pid)
    with attach(settings):
        assert server_pid(settings) == pid
    until(lambda: not running(pid))


def test_the_starter_may_leave_first(settings, user):
    starter = user().arrived()
    with attach(settings):
        starter.leaves()
        with client(settings) as asking:
            assert asking.ping()


def test_ctrl_c_in_the_terminal_does_not_reach_the_server(settings, user):
    starter = user().arrived()
    pid = server_pid(settings)
    assert os.getpgid(pid) != os.getpgid(starter.process.pid)
    os.killpg(starter.process.pid, signal.SIGINT)
    starter.process.communicate(timeout=120)
    until(lambda: not running(pid))
    assert "User requested shutdown" in (settings.home / "redis" / "server.log").read_text()


def test_what_a_crash_leaves_behind_is_no_hindrance(settings, user):
    """A server killed with its users leaves its socket and its pid file; the data is in the AOF."""
    left = user().arrived()
    pid = server_pid(settings)
    with client(settings) as asking:
        asking.set("said", "before")
    left.is_killed()
    os.kill(pid, signal.SIGKILL)
    until(lambda: not running(pid))
    assert settings.socket_path.exists()
    assert (settings.home / "redis" / "server.pid").exists()
    with attach(settings), client(settings) as asking:
        assert asking.get("said") == "before"


def test_a_server_that_dies_is_replaced_for_the_next_user(settings):
    with attach(settings):
        pid = server_pid(settings)
        os.kill(pid, signal.SIGKILL)
        until(lambda: not running(pid))
        with attach(settings), client(settings) as asking:
            assert asking.ping()


def test_a_server_that_dies_is_back_within_seconds_without_anybodys_help(settings):
    """Once only the next command started it again: beside `alerts up`, nobody did."""
    with attach(settings), client(settings) as asking:
        pid = server_pid(settings)
        os.kill(pid, signal.SIGKILL)
        until(lambda: not running(pid))
        until(lambda: answers(asking))
        assert server_pid(settings) != pid


def test_a_server_that_lives_but_cannot_be_reached_yet_is_waited_for(settings):
    """Two servers on one AOF would ruin it: a starter killed half-way leaves one that is still starting."""
    with attach(settings):
        pid = server_pid(settings)
        hidden = settings.socket_path.with_suffix(".hidden")
        settings.socket_path.rename(hidden)
        shown = threading.Event()

        def show() -> None:
            shown.set()
            hidden.rename(settings.socket_path)

        threading.Timer(0.5, show).start()
        with attach(settings):
            assert shown.is_set()
            assert server_pid(settings) == pid


def test_a_socket_that_nobody_listens_at_is_replaced(settings):
    settings.home.mkdir()
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(settings.socket_path))
    with attach(settings), client(settings) as asking:
        assert asking.ping()


def test_a_server_that_cannot_read_its_data_says_why_in_one_line(settings):
    with attach(settings), client(settings) as asking:
        asking.set("said", "yes")
    (aof,) = (settings.home / "redis" / "appendonlydir").glob("*.incr.aof")
    aof.write_bytes(b"*3\r\nrubbish\r\n" * 20)
    with pytest.raises(Unreachable) as refused, attach(settings):
        pytest.fail("nothing to attach to")
    assert "Bad file format" in refused.value.hint
    assert "\n" not in refused.value.hint


def test_an_error_in_the_block_comes_through_and_the_server_is_stopped(settings):
    with pytest.raises(ZeroDivisionError), attach(settings):
        server_pid(settings) // 0
    assert not settings.socket_path.exists()
