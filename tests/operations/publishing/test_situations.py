"""Messages of CAP come in any order, twice, and without those they refer to: one situation, told once."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from cap_writer import cap, info, refers
from house import OPERATOR, subscribe, told, walk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts import ingest
from alerts.errors import BadInput, NothingMatched
from alerts.ingest import Reading
from alerts.model import Draft, Kind, Revision, State, Status
from alerts.operations import Choices, Conditions, NamedReading, Publication, preview, publish
from alerts.operations.publishing.preparing import CHOOSES_NOTHING, prepare
from alerts.operations.publishing.situations import publish_message
from alerts.services import Services
from alerts.walk import steps

CORPUS = Path(__file__).parents[3].parent / "shared/corpora/cap"


def put(services: Services, source: bytes, choices: Choices = CHOOSES_NOTHING) -> Publication:
    """Publish the one message there is."""
    return put_reading(services, ingest.read(source, "message.cap", choices.allow), choices)


def put_reading(services: Services, reading: Reading, choices: Choices = CHOOSES_NOTHING) -> Publication:
    named = NamedReading("message.cap", reading)
    [done] = publish(services, OPERATOR, [named], choices, Conditions(confirm=["test", "exercise"]))
    return done


def message(number: int, *, refer: int = 0, **changes: str) -> bytes:
    """The message of that number, an hour after the one before it, which it refers to."""
    before = {"msgType": "Update", "references": refers(f"m{refer or number - 1}")} if number > 1 else {}
    hour = {"identifier": f"m{number}", "sent": f"2094-03-01T{8 + number:02}:00:00+01:00"}
    text = info(headline=f"Gales over Tyrol, bulletin {number}")
    return cap(text, **(hour | before | changes))


def test_an_alert_and_its_updates_are_revisions_of_one_update(services: Services) -> None:
    """Each bulletin of a storm was another story to its readers."""
    subscribe(services, "ann@example.org", "AT")
    done = [put(services, message(number)) for number in (1, 2, 3)]
    walk(services)
    assert len({one.revision.update for one in done}) == 1
    assert [one.revision.number for one in done] == [1, 2, 3]
    assert [one.revision.kind for one in done] == [Kind.NEW, Kind.UPDATE, Kind.UPDATE]
    assert services.updates.count() == 1


def test_a_message_is_taken_once(services: Services) -> None:
    subscribe(services, "ann@example.org", "AT")
    first, again = put(services, message(1)), put(services, message(1))
    assert (first.created, again.created) == (True, False)
    put(services, message(2))
    old = put(services, message(1))
    assert (old.created, old.replaced_by) == (False, 2)
    walk(services)
    assert services.updates.latest(first.revision.update) == 2


def test_what_is_older_than_the_newest_overwrites_nothing(services: Services) -> None:
    """A bulletin that took the long way would have told people that the storm is yet to come."""
    subscribe(services, "ann@example.org", "AT")
    newest = put(services, message(3))
    for number in (2, 1):
        late = put(services, message(number))
        assert (late.created, late.revision.update) == (False, newest.revision.update)
        assert "newer" in late.passed_over
    walk(services)
    assert services.updates.latest(newest.revision.update) == 1
    assert told(services, newest.revision.update) == {"ann@example.org": [State.SENT]}
    assert [entry.action for entry in services.audit.entries()].count("update.pass_over") == 2


def test_what_refers_to_a_message_is_newer_whatever_the_clocks_say(services: Services) -> None:
    """A sender's second machine was an hour slow: its update would have been taken for old."""
    slow = message(2, sent="2094-03-01T08:30:00+01:00")
    put(services, slow)
    assert "newer" in put(services, message(1, sent="2094-03-01T08:20:00+01:00")).passed_over
    assert "newer" in put(services, message(1, sent="2094-03-01T08:30:00+01:00")).passed_over


def test_two_situations_that_turn_out_to_be_one_go_on_as_one(services: Services) -> None:
    """The message between them came last: whatever follows belongs to the newer of the two."""
    oldest, newest = put(services, message(1)), put(services, message(3))
    assert oldest.revision.update != newest.revision.update
    between = put(services, message(2))
    assert between.passed_over
    fourth = put(services, message(4))
    assert fourth.revision.ref == f"{newest.revision.update}.r2"
    assert put(services, message(5, refer=1)).revision.ref == f"{newest.revision.update}.r3"


def test_an_end_is_told_to_readers_of_both_halves_of_a_situation(services: Services) -> None:
    subscribe(services, "ann@example.org", "AT")
    oldest, newest = put(services, message(1)), put(services, message(3))
    walk(services)
    put(services, message(2))
    put(services, message(4, msgType="Cancel"))
    walk(services)
    for update in (oldest.revision.update, newest.revision.update):
        standing = services.updates.standing(update)
        assert standing.kind is Kind.CANCEL
        assert told(services, update)["ann@example.org"] == [State.SENT, State.SENT]


def test_a_cancel_without_a_word_ends_what_it_refers_to(services: Services) -> None:
    """A real one has no info block: what it ends must be said in the words of before."""
    subscribe(services, "ann@example.org", "AT-7")
    put(services, message(1))
    walk(services)
    source = cap("", msgType="Cancel", identifier="m2", note="False alarm.", references=refers("m1"))
    done = put(services, source.replace(b"08:00:00", b"10:00:00"))
    assert done.revision.kind is Kind.CANCEL
    assert done.revision.draft.headline == "Gales over Tyrol, bulletin 1"
    assert (done.revision.draft.note, done.revision.draft.expires_at) == ("False alarm.", None)
    walk(services)
    assert told(services, done.revision.update) == {"ann@example.org": [State.SENT, State.SENT]}
    assert put(services, source.replace(b"08:00:00", b"10:00:00")).created is False


@pytest.mark.parametrize("source", [cap("", msgType="Cancel", identifier="m2", references=refers("m1"))])
def test_an_end_of_what_is_not_known_tells_nobody_now_or_later(services: Services, source: bytes) -> None:
    """A Cancel overtook its alert: nobody was told that it is over, and then everybody that it begins."""
    source = source.replace(b"08:00:00", b"23:00:00", 1)
    named = NamedReading("message.cap", ingest.read(source, "message.cap"))
    with pytest.raises(NothingMatched):
        preview(services, OPERATOR, named)
    assert "never published" in put(services, source).passed_over
    assert "newer" in put(services, message(1)).passed_over
    assert services.updates.count() == 0
    assert put(services, source).passed_over


def test_an_all_clear_that_nothing_went_before_is_news(services: Services) -> None:
    done = put(services, cap(info(responseType="AllClear")))
    assert (done.created, done.revision.kind) == (True, Kind.NEW)


def test_nobody_continues_or_ends_what_another_sent(services: Services) -> None:
    """A reference is text: whoever can send one message could have ended everybody else's."""
    first = put(services, message(1))
    strange = message(2, sender="stranger@example.org", msgType="Cancel", references=refers("m1"))
    assert put(services, strange).passed_over
    assert services.updates.standing(first.revision.update).kind is Kind.NEW


def test_a_test_ends_nothing_that_is_real(services: Services) -> None:
    """A hub's monthly test of its Cancel referred to whatever stood last: that was real, and still is."""
    real = put(services, message(1))
    assert put(services, message(2, msgType="Cancel", status="Test")).passed_over
    assert put(services, message(2, status="Exercise")).revision.update != real.revision.update
    assert services.updates.standing(real.revision.update).draft.status is Status.ACTUAL
    assert services.updates.latest(real.revision.update) == 1


def test_what_shares_an_incident_and_its_areas_is_one_situation(services: Services) -> None:
    """Fire services send each bulletin as an Alert, with nothing but the number of the fire in common."""
    first = put(services, message(1, incidents="fire-7"))
    second = put(services, message(2, incidents="fire-7", msgType="Alert", references=""))
    assert second.revision.ref == f"{first.revision.update}.r2"
    there = info("<areaDesc>Vorarlberg</areaDesc>")
    elsewhere = put(services, cap(there, identifier="m3", incidents="fire-7"))
    assert elsewhere.revision.update != first.revision.update


def test_an_id_is_given_to_a_situation_that_begins_and_to_no_other(services: Services) -> None:
    assert put(services, message(1), Choices(id="tyrol-gales")).revision.ref == "tyrol-gales.r1"
    assert put(services, message(2)).revision.ref == "tyrol-gales.r2"
    with pytest.raises(BadInput, match="is about tyrol-gales"):
        put(services, message(3), Choices(id="other-gales"))


def test_what_could_not_be_published_may_come_again(services: Services) -> None:
    """A tag that was not on the list yet must not make a message known."""
    with pytest.raises(BadInput):
        put(services, message(1), Choices(tags=("alpine",)))
    assert put(services, message(1), Choices(tags=("alpine",), new_tags=True)).created


def test_a_preview_names_the_revision_and_changes_nothing(services: Services) -> None:
    first = put(services, message(1))
    keys = set(services.server.client.keys())
    named = NamedReading("message.cap", ingest.read(message(2), "message.cap"))
    assert preview(services, OPERATOR, named).revision.ref == f"{first.revision.update}.r2"
    assert set(services.server.client.keys()) == keys


def ends_as_one(services: Services, readings: dict[str, Reading], order: list[str], newest: str) -> None:
    """Whatever the order: one situation goes on, its newest stands, and no revision follows a newer one."""
    services.server.client.flushall()
    done = {name: put_reading(services, readings[name]) for name in order}
    messages = [one.provenance for one in readings.values() if one.provenance]
    live = {services.situations.find(message.sender, (message.identifier,)) for message in messages}
    assert live == {done[newest].revision.update}
    standing = services.updates.standing(*live)
    assert standing.draft.headline == readings[newest].draft.headline
    for update in {one.revision.update for one in done.values() if one.created}:
        sent = [revision.draft.published_at for revision in services.updates.history(update).revisions]
        assert sent == sorted(sent, key=str)
    refs = [one.revision.ref for one in done.values() if one.created]
    assert len(refs) == len(set(refs)) == len([one for one in done.values() if not one.passed_over])
    again = [put_reading(services, reading) for reading in readings.values()]
    assert not any(one.created for one in again)


@given(order=st.permutations([1, 2, 3, 4, 5, 6]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
def test_any_order_of_a_chain_ends_as_one_situation(services: Services, order: list[int]) -> None:
    readings = {str(number): ingest.read(message(number), "m.cap") for number in range(1, 7)}
    ends_as_one(services, readings, list(map(str, order)), "6")


@pytest.mark.parametrize("number", [1, 2])
def test_a_message_whose_process_was_killed_is_its_revision_when_it_comes_again(
    services: Services, number: int
) -> None:
    """It was published, and nobody had noted that yet: again, it must be neither news nor late."""
    for earlier in range(1, number):
        put(services, message(earlier))
    reading = ingest.read(message(number), "m.cap")
    refs = []

    def killed(content: Draft, after: int | None) -> Revision:
        refs.append(steps.publish(services, content, after=after)[0].revision.ref)
        raise KeyboardInterrupt

    assert reading.provenance
    with pytest.raises(KeyboardInterrupt):
        publish_message(
            services,
            reading,
            reading.provenance,
            begins="",
            prepare=lambda named: prepare(services, named, CHOOSES_NOTHING),
            put=killed,
        )
    again = put_reading(services, reading)
    assert (again.created, again.revision.ref) == (False, refs[0])
    assert put(services, message(number + 1)).revision.ref == f"{again.revision.update}.r{number + 1}"


def test_messages_that_come_at_once_end_as_one_situation(services: Services) -> None:
    """A folder and a feed bring the same storm: an older bulletin must not become the last revision."""
    readings = [ingest.read(message(number), "m.cap") for number in range(1, 7)]
    for turn in range(4):
        services.server.client.flushall()
        with ThreadPoolExecutor(3) as several:
            done = list(several.map(partial(put_reading, services), [*readings, *reversed(readings)]))
        live = services.situations.find("desk@weather.example.at", ("m6",))
        assert services.updates.standing(live).draft.headline.endswith("bulletin 6"), turn
        for update in {one.revision.update for one in done if one.created}:
            sent = [str(r.draft.published_at) for r in services.updates.history(update).revisions]
            assert sent == sorted(set(sent))


def test_an_end_that_comes_while_its_alert_is_published_is_told(services: Services) -> None:
    """The alert was known and not yet published: its Cancel ended nothing, and nobody was told later."""
    subscribe(services, "ann@example.org", "AT")
    alert, cancel = ingest.read(message(1), "m.cap"), message(2, msgType="Cancel")
    ended: list[Publication] = []

    def prepared(reading: Reading) -> Draft:
        ended.extend([] if ended else [put(services, cancel)])
        return prepare(services, reading, CHOOSES_NOTHING)

    def published(content: Draft, after: int | None) -> Revision:
        return steps.publish(services, content, after=after)[0].revision

    assert alert.provenance
    publish_message(services, alert, alert.provenance, begins="gales", prepare=prepared, put=published)
    walk(services)
    assert ended[0].passed_over
    assert services.updates.standing("gales").kind is Kind.CANCEL
    assert [one.kind for one in services.updates.history("gales").revisions] == [Kind.NEW, Kind.CANCEL]


_TIME = re.compile(rb"20[12][0-9]-[01][0-9]-[0-3][0-9]T[0-9:.]+(?:[+-][0-9:]+)?")


def in_our_days(source: bytes) -> bytes:
    """The same message eighty years later: what is over cannot be published."""

    def later(found: re.Match[bytes]) -> bytes:
        return (datetime.fromisoformat(found[0].decode()) + timedelta(days=80 * 365)).isoformat().encode()

    return _TIME.sub(later, source)


CHAINS = ["smn_chain_41f1b258_*", "smn_chain_583b29fd_*", "fah_Actual_Public_*", "uk_ea_flood_wainfleet*"]


@pytest.mark.parametrize("chain", CHAINS)
@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=5)
def test_any_order_of_a_real_chain_ends_as_one_situation(
    services: Services, data: st.DataObject, chain: str
) -> None:
    """Every chain of the open corpus; where it ends in a Cancel, its Cancel stands, or nothing does."""
    files = sorted(CORPUS.glob(chain))
    if not files:
        pytest.skip("the corpus is not part of the project")
    readings = {file.name: ingest.read(in_our_days(file.read_bytes()), file.name) for file in files}
    newest = max(readings, key=lambda name: str(readings[name].draft.published_at))
    order = data.draw(st.permutations(list(readings)))
    if readings[newest].draft.kind is Kind.CANCEL and order[0] == newest:
        services.server.client.flushall()
        assert all(put_reading(services, readings[name]).passed_over for name in order)
        assert services.updates.count() == 0
    else:
        ends_as_one(services, readings, order, newest)
