"""Fair times: a table worked out by hand, and what must hold for any places, days and zones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations, pairwise, product
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from majlis.algorithms.days_off import holiday, ramadan
from majlis.algorithms.fair_times import FairTimes, Place, Reason, Wish, fair_times

FRIDAY_AND_SATURDAY, SATURDAY_AND_SUNDAY = frozenset({4, 5}), frozenset({5, 6})
TEN = {
    "MA": ("Africa/Casablanca", SATURDAY_AND_SUNDAY), "DZ": ("Africa/Algiers", FRIDAY_AND_SATURDAY),
    "TN": ("Africa/Tunis", SATURDAY_AND_SUNDAY), "LY": ("Africa/Tripoli", FRIDAY_AND_SATURDAY),
    "EG": ("Africa/Cairo", FRIDAY_AND_SATURDAY), "PS": ("Asia/Hebron", FRIDAY_AND_SATURDAY),
    "JO": ("Asia/Amman", FRIDAY_AND_SATURDAY), "LB": ("Asia/Beirut", SATURDAY_AND_SUNDAY),
    "IQ": ("Asia/Baghdad", FRIDAY_AND_SATURDAY), "DE": ("Europe/Berlin", SATURDAY_AND_SUNDAY),
}  # fmt: skip
FOUNDING = [Place(country, zone, weekend, country != "DE") for country, (zone, weekend) in TEN.items()]
BERLIN = ZoneInfo("Europe/Berlin")


def spans(found: FairTimes) -> list[dict[str, str]]:
    """{country: hours} of each session."""
    return [
        {hours.place.country: f"{hours.starts_at:%H:%M}–{hours.ends_at:%H:%M}" for hours in slot.hours}
        for slot in found.slots
    ]


# ── the founding dialogue, worked out by hand ───────────────────────────────────────────────────────────────────────────

# From Tuesday 29 September to Wednesday 7 October 2026. Friday and Saturday are off in six countries, Saturday and Sunday
# in four; 3 October is German Unity Day; 6 October is Egypt's Armed Forces Day, which the government tends to move to the
# Thursday. That leaves five days. At 9:00 UTC all ten countries lie between 9:00 (Morocco, on UTC since 20 September) and
# 14:30 (two and a half hours after 12:00 in Cairo, Hebron, Amman, Beirut and Baghdad): nobody sits outside 9–16.
# At 9:30 UTC Morocco would sit at 9:30 as well, but the middle of the session would lie further from 12:30 for most:
# squares of the distances 2.25² + 2·1.25² + 2·0.25² + 5·0.75² = 11.125 hours² at 9:00 and 12.125 at 9:30.
WISH = Wish(date(2026, 9, 29), date(2026, 10, 7), sessions=5, minutes=150, zone="Europe/Berlin")


def test_the_founding_dialogue_by_hand() -> None:
    found = fair_times(FOUNDING, WISH)
    days = [date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 5), date(2026, 10, 7)]
    assert [slot.starts_at for slot in found.slots] == [datetime.combine(day, time(11), BERLIN) for day in days]
    assert spans(found) == [
        {"MA": "09:00–11:30", "DZ": "10:00–12:30", "TN": "10:00–12:30", "LY": "11:00–13:30", "EG": "12:00–14:30",
         "PS": "12:00–14:30", "JO": "12:00–14:30", "LB": "12:00–14:30", "IQ": "12:00–14:30", "DE": "11:00–13:30"}
    ] * 5  # fmt: skip
    assert found.totals == (0,) * 10
    off = ("DZ", "EG", "IQ", "JO", "LY", "PS")
    assert {day.day.day: day.reasons for day in found.out} == {
        2: (Reason("weekend", off),),
        3: (Reason("weekend", tuple(sorted(TEN))), Reason("holiday", ("DE",), ("German Unity Day",))),
        4: (Reason("weekend", ("DE", "LB", "MA", "TN")),),
        6: (Reason("holiday", ("EG",), ("Armed Forces Day",), "moved"),),
    }


def test_a_day_that_is_out_can_be_used_all_the_same_and_a_good_one_be_blocked() -> None:
    wish = Wish(
        WISH.first, WISH.last, 5, 150, "Europe/Berlin", allowed=frozenset({date(2026, 10, 6)}),
        blocked={date(2026, 9, 30): "Council"},
    )  # fmt: skip
    found = fair_times(FOUNDING, wish)
    assert [slot.starts_at.day for slot in found.slots] == [29, 1, 5, 6, 7]
    by_day = {day.day.day: day for day in found.days}
    assert by_day[30].reasons == (Reason("blocked", names=("Council",)),)
    assert by_day[6].reasons == (Reason("holiday", ("EG",), ("Armed Forces Day",), "moved"),)
    assert not by_day[6].is_out


def test_too_few_days_give_as_many_sessions_as_fit() -> None:
    assert len(fair_times(FOUNDING, Wish(WISH.first, WISH.last, 9, 150, "Europe/Berlin")).slots) == 5
    weekly = fair_times(FOUNDING, Wish(WISH.first, WISH.last, 9, 150, "Europe/Berlin", days_between=7))
    assert [slot.starts_at.day for slot in weekly.slots] == [29, 7]


# Bogotá (UTC−5) and Nairobi (UTC+3) work from 9 to 16: in UTC 14–21 and 6–13, so an hour finds no place in both. Whoever
# meets at t (UTC) hits Bogotá by 14−t hours early and Nairobi by t+1−13 hours late: two hours in all, whenever between
# 12 and 14. Over two sessions each bears two hours in all, whichever way they are dealt.
def test_two_far_places_bear_the_same() -> None:
    places = [Place("CO", "America/Bogota", SATURDAY_AND_SUNDAY), Place("KE", "Africa/Nairobi", SATURDAY_AND_SUNDAY)]
    found = fair_times(places, Wish(date(2026, 11, 9), date(2026, 11, 13), 2, 60, "UTC"))
    assert found.totals == (120, 120)
    assert [slot.burden for slot in found.slots] == [120, 120]


# In Ramadan 2027 (8 February to 8 March) offices keep 9:30–14:30. Morocco on UTC+0 and Iraq on UTC+3 share 9:30–11:30 UTC:
# half an hour less than the session. At 9:00 UTC Morocco begins half an hour early; at 9:30 Iraq and Jordan end half an
# hour late, as do Egypt and Lebanon, but not: they are on UTC+2 in winter. Squares over five sessions are smallest when
# Morocco bears three times and Iraq and Jordan twice: 90² + 2·60² = 15300, against 60² + 2·90² = 19800 the other way.
def test_in_ramadan_the_burden_goes_round() -> None:
    wish = Wish(date(2027, 2, 15), date(2027, 3, 4), 5, 150, "Europe/Berlin", shorter_in_ramadan=True)
    found = fair_times(FOUNDING, wish)
    assert dict(zip(TEN, found.totals, strict=True)) == {
        "MA": 90, "DZ": 0, "TN": 0, "LY": 0, "EG": 0, "PS": 0, "JO": 60, "LB": 0, "IQ": 60, "DE": 0,
    }  # fmt: skip
    assert [slot.hours[0].early for slot in found.slots] == [30, 0, 30, 30, 0]
    avoiding = fair_times(FOUNDING, Wish(date(2027, 2, 15), date(2027, 3, 4), 5, 150, "Europe/Berlin"))
    assert avoiding.slots == ()
    assert Reason("ramadan", tuple(sorted(set(TEN) - {"DE"}))) in avoiding.days[0].reasons


class Change(NamedTuple):
    """A session at 10:00–12:00 UTC beside a change of the clocks, and the hours of one country before and after."""

    country: str
    before: date
    after: date
    hours: tuple[str, str]


@pytest.mark.parametrize(
    "change",
    [
        Change("DE", date(2026, 10, 22), date(2026, 10, 26), ("12:00–14:00", "11:00–13:00")),
        Change("DE", date(2027, 3, 25), date(2027, 3, 30), ("11:00–13:00", "12:00–14:00")),
        Change("EG", date(2026, 10, 28), date(2026, 11, 2), ("13:00–15:00", "12:00–14:00")),
        Change("LB", date(2026, 10, 22), date(2026, 10, 26), ("13:00–15:00", "12:00–14:00")),
        Change("PS", date(2026, 10, 22), date(2026, 10, 26), ("13:00–15:00", "12:00–14:00")),
        Change("MA", date(2026, 9, 17), date(2026, 9, 22), ("11:00–13:00", "10:00–12:00")),
        Change("JO", date(2026, 10, 22), date(2026, 10, 26), ("13:00–15:00", "13:00–15:00")),
    ],
)
def test_local_hours_follow_the_clocks_of_each_country(change: Change) -> None:
    zone, weekend = TEN[change.country]
    for day, span in zip((change.before, change.after), change.hours, strict=True):
        # A place on UTC without holidays holds the session at ten o'clock.
        at_utc = fair_times(
            [Place("XX", "UTC", frozenset())], Wish(day, day, 1, 120, "UTC", earliest=time(10), latest=time(12))
        ).slots[0]
        assert at_utc.starts_at == datetime.combine(day, time(10), UTC)
        wish = Wish(day, day, 1, 120, "UTC", earliest=time.fromisoformat(span[:5]), latest=time.fromisoformat(span[6:]))
        found = fair_times([Place(change.country, zone, weekend)], wish)
        assert [slot.starts_at.astimezone(UTC) for slot in found.slots] == [at_utc.starts_at]
        assert spans(found) == [{change.country: span}]


# ── what must hold for all ──────────────────────────────────────────────────────────────────────────────────────────────

ZONES = [
    "Africa/Casablanca", "Africa/Cairo", "Asia/Hebron", "Asia/Beirut", "Asia/Baghdad", "Europe/Berlin", "America/Bogota",
    "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns",
]  # fmt: skip
COUNTRIES = [*TEN, "XX"]


@st.composite
def questions(draw: st.DrawFn, most_places: int = 5, most_days: int = 12) -> tuple[list[Place], Wish]:
    places = draw(
        st.lists(
            st.builds(
                Place, st.sampled_from(COUNTRIES), st.sampled_from(ZONES),
                st.frozensets(st.integers(0, 6), max_size=2), st.booleans(),
            ),
            min_size=1, max_size=most_places, unique_by=lambda place: (place.country, place.zone),
        )
    )  # fmt: skip
    first = draw(st.dates(date(2026, 1, 1), date(2028, 12, 1)))
    length = draw(st.integers(0, most_days))
    wish = Wish(
        first, first + timedelta(days=length), draw(st.integers(1, 6)), draw(st.integers(1, 20)) * 15,
        draw(st.sampled_from(["UTC", *ZONES])), earliest=draw(st.sampled_from([time(0), time(7)])),
        latest=draw(st.sampled_from([time(21), time(23, 59)])), days_between=draw(st.integers(1, 8)),
        shorter_in_ramadan=draw(st.booleans()),
        blocked={first + timedelta(days=number): "" for number in draw(st.sets(st.integers(0, 25), max_size=3))},
    )  # fmt: skip
    return places, wish


@given(questions())
@settings(max_examples=40, deadline=None)
def test_every_time_keeps_what_was_asked(question: tuple[list[Place], Wish]) -> None:
    places, wish = question
    found = fair_times(places, wish)
    begins = [slot.starts_at for slot in found.slots]
    assert begins == sorted(begins)
    assert len(begins) <= wish.sessions
    days = [moment.date() for moment in begins]
    assert all((later - earlier).days >= wish.days_between for earlier, later in pairwise(days))
    for day, slot in zip(days, found.slots, strict=True):
        assert wish.first <= day <= wish.last and day not in wish.blocked
        for hours in slot.hours:
            local = hours.starts_at
            assert local == slot.starts_at and local.tzinfo == ZoneInfo(hours.place.zone)
            assert local.utcoffset() == slot.starts_at.astimezone(ZoneInfo(hours.place.zone)).utcoffset()
            assert hours.ends_at.astimezone(UTC) - local.astimezone(UTC) == timedelta(minutes=wish.minutes)
            assert wish.earliest <= local.time() and hours.ends_at.time() <= wish.latest
            assert local.weekday() not in hours.place.weekend
            assert holiday(hours.place.country, local.date()) is None
            assert wish.shorter_in_ramadan or not (hours.place.keeps_ramadan and ramadan(local.date()))


@given(questions())
@settings(max_examples=25, deadline=None)
def test_every_day_is_either_offered_or_explained_and_the_answer_is_always_the_same(
    question: tuple[list[Place], Wish],
) -> None:
    places, wish = question
    found = fair_times(places, wish)
    assert [day.day for day in found.days] == [
        wish.first + timedelta(days=number) for number in range((wish.last - wish.first).days + 1)
    ]
    assert all(bool(day.slots) != bool(day.reasons) for day in found.days)
    assert fair_times(places, wish) == found
    # Fewer sessions than wished only when no more days can be had so far apart.
    open_days = [day.day for day in found.days if not day.is_out]
    most, last = 0, None
    for day in open_days:
        if last is None or (day - last).days >= wish.days_between:
            most, last = most + 1, day
    assert len(found.slots) == min(most, wish.sessions)


def squares(burdens: Sequence[Sequence[int]]) -> int:
    return sum(sum(clock) ** 2 for clock in zip(*burdens, strict=True))


@given(questions(most_places=3, most_days=6))
@settings(max_examples=40, deadline=None)
def test_no_other_hours_on_these_days_are_fairer(question: tuple[list[Place], Wish]) -> None:
    places, wish = question
    found = fair_times(places, wish)
    chosen = [slot.starts_at.date() for slot in found.slots][:3]
    by_day = {day.day: day for day in found.days}
    if len(chosen) < len(found.slots) or not chosen:
        return
    offers = [sorted({slot.burdens for slot in by_day[day].slots}) for day in chosen]
    least = min(squares(burdens) for burdens in product(*offers))
    assert squares([slot.burdens for slot in found.slots]) == least


@given(questions(most_places=3, most_days=9))
@settings(max_examples=40, deadline=None)
def test_no_other_days_have_a_smaller_burden(question: tuple[list[Place], Wish]) -> None:
    places, wish = question
    found = fair_times(places, wish)
    cost = {day.day: min(slot.burden for slot in day.slots) for day in found.days if not day.is_out}
    choices = [
        days for days in combinations(cost, len(found.slots))
        if all((b - a).days >= wish.days_between for a, b in pairwise(days))
    ]  # fmt: skip
    chosen = tuple(slot.starts_at.date() for slot in found.slots)
    assert (sum(cost[day] for day in chosen), chosen) == min((sum(cost[day] for day in days), days) for days in choices)
