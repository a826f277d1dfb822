"""Times for the sessions of a dialogue that are fair to people in many zones: days first, then hours.

1. A day is out when it is a weekend, a public holiday or (if wished) Ramadan in any partner country, or blocked by the
   organisers, or when no hour of it lies within tolerable hours for everybody. Each reason is kept and told.
2. Of the days left, those with the smallest burden are taken, the earliest among equals, at least so many days apart.
3. Hours: each clock (the places of one zone and country) has a burden, the minutes by which a session begins before or
   ends after its working day. The sum of the squares of every clock's total over all sessions is made as small as can be:
   two hours for one weigh more than one hour each for two, so that early and late hours go round. Each clock counts the
   same, however many cities live by it. Among equals the hours nearest to the middle of the working day are taken.
"""

from majlis.algorithms.fair_times.candidates import Day as Day
from majlis.algorithms.fair_times.candidates import Hours as Hours
from majlis.algorithms.fair_times.candidates import Place as Place
from majlis.algorithms.fair_times.candidates import Reason as Reason
from majlis.algorithms.fair_times.candidates import Slot as Slot
from majlis.algorithms.fair_times.candidates import Wish as Wish
from majlis.algorithms.fair_times.choosing import FairTimes as FairTimes
from majlis.algorithms.fair_times.choosing import fair_times as fair_times
