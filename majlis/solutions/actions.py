"""Writing the library: draft, publish, withdraw."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.journal.actions import record
from majlis.language.models import Text
from majlis.network import terms
from majlis.network.models import City, Person
from majlis.solutions.models import BuildingBlock, Solution
from majlis.solutions.rules import require_edit
from majlis.web.refused import NotNow, Refused
from majlis.web.sentences import Sentence

# As the entry's form in data/solution_schema.yaml asks.
LONGEST_TITLE = 100
LONGEST_SUMMARY = 1200
MOST_THEMES = 3
MOST_BLOCKS = 6
FEWEST_BLOCKS = 2
CODE = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")

NO_TITLE = _("A solution needs a title.")
LONG_TITLE = _("The title has %(length)s characters; at most %(most)s fit.")
LONG_SUMMARY = _("The summary has %(length)s characters; at most %(most)s fit.")
BAD_CODE = _("“%(typed)s” cannot be a code. Use small letters a–z, digits and hyphens, at most 30.")
OTHER_CITY = _("The code %(code)s belongs to a solution of %(city)s already.")
NO_THEME = _("Choose one to %(most)s themes.")
UNKNOWN_THEME = _("“%(typed)s” is not the code of a theme.")
MANY_BLOCKS = _("A solution has at most %(most)s building blocks.")
FEW_BLOCKS = _("A full entry has at least %(fewest)s building blocks. Add some, or keep it as a snapshot.")
UNKNOWN_LEVEL = _("The level is snapshot or full.")
UNKNOWN_EVIDENCE = _("The evidence is told, documented, measured or evaluated.")
NOT_PUBLISHED = _("Only a published solution can be withdrawn.")


def draft_solution(
    *,
    by: Account | None,
    code: str,
    city: City,
    title: Text,
    summary: Text,
    themes: Sequence[str],
    level: str = Solution.Level.SNAPSHOT,
    evidence: str = Solution.Evidence.TOLD,
    building_blocks: Sequence[Text] = (),
    is_illustrative: bool = False,
    contact: Person | None = None,
) -> Solution:
    """Write a solution without showing it; one of this code is rewritten and keeps its state. Raises Forbidden, Refused."""
    _require(by, city)
    _check(code, title, summary, themes, level, evidence, building_blocks)
    with transaction.atomic():
        solution = _write(
            code, city, title, summary, themes, level, evidence, building_blocks, is_illustrative, contact
        )
        sentence = Sentence(_("Solution of %(city)s written: %(title)s"), _names(solution))
        record(act="solutions.draft", by=by, scope="solutions", sentence=sentence, subject=solution)
    return solution


def publish_solution(
    *,
    by: Account | None,
    code: str,
    city: City,
    title: Text,
    summary: Text,
    themes: Sequence[str],
    level: str = Solution.Level.SNAPSHOT,
    evidence: str = Solution.Evidence.TOLD,
    building_blocks: Sequence[Text] = (),
    is_illustrative: bool = False,
    contact: Person | None = None,
) -> Solution:
    """Write a solution and show it in the library; one of this code is rewritten. The focal point is the contact if none is named."""
    _require(by, city)
    _check(code, title, summary, themes, level, evidence, building_blocks)
    with transaction.atomic():
        solution = _write(
            code, city, title, summary, themes, level, evidence, building_blocks, is_illustrative, contact
        )
        if solution.state != Solution.State.PUBLISHED:
            solution.state, solution.published_at = Solution.State.PUBLISHED, timezone.now()
            solution.save(update_fields=["state", "published_at"])
        sentence = Sentence(_("Solution of %(city)s published: %(title)s"), _names(solution))
        record(act="solutions.publish", by=by, scope="solutions", sentence=sentence, subject=solution)
    return solution


def withdraw_solution(*, by: Account | None, solution: Solution) -> None:
    """Take a published solution out of the library; its text stays for those who may edit it."""
    _require(by, solution.city)
    with transaction.atomic():
        locked = Solution.objects.select_for_update().get(pk=solution.pk)
        if locked.state != Solution.State.PUBLISHED:
            raise NotNow(NOT_PUBLISHED)
        locked.state = Solution.State.WITHDRAWN
        locked.save(update_fields=["state"])
        sentence = Sentence(_("Solution of %(city)s withdrawn: %(title)s"), _names(solution))
        record(act="solutions.withdraw", by=by, scope="solutions", sentence=sentence, subject=solution)


def _require(by: Account | None, city: City) -> None:
    if by is not None:
        require_edit(by, city)


def _check(
    code: str, title: Text, summary: Text, themes: Sequence[str], level: str, evidence: str, blocks: Sequence[Text]
) -> None:
    if not CODE.match(code) or len(code) > 30:
        raise Refused(BAD_CODE, typed=code)
    if not title.body.strip():
        raise Refused(NO_TITLE)
    if len(title.body) > LONGEST_TITLE:
        raise Refused(LONG_TITLE, length=len(title.body), most=LONGEST_TITLE)
    if len(summary.body) > LONGEST_SUMMARY:
        raise Refused(LONG_SUMMARY, length=len(summary.body), most=LONGEST_SUMMARY)
    if not 1 <= len(themes) <= MOST_THEMES:
        raise Refused(NO_THEME, most=MOST_THEMES)
    for theme in themes:
        if theme not in terms.themes():
            raise Refused(UNKNOWN_THEME, typed=theme)
    if level not in Solution.Level.values:
        raise Refused(UNKNOWN_LEVEL)
    if evidence not in Solution.Evidence.values:
        raise Refused(UNKNOWN_EVIDENCE)
    if len(blocks) > MOST_BLOCKS:
        raise Refused(MANY_BLOCKS, most=MOST_BLOCKS)
    if level == Solution.Level.FULL and len(blocks) < FEWEST_BLOCKS:
        raise Refused(FEW_BLOCKS, fewest=FEWEST_BLOCKS)


def _write(
    code: str,
    city: City,
    title: Text,
    summary: Text,
    themes: Sequence[str],
    level: str,
    evidence: str,
    blocks: Sequence[Text],
    is_illustrative: bool,
    contact: Person | None,
) -> Solution:
    """The solution of this code with these contents, in the caller's transaction."""
    there = Solution.objects.select_for_update().select_related("city").filter(code=code).first()
    if there is not None and there.city_id != city.pk:
        raise Refused(OTHER_CITY, code=code, city=there.city.name.in_all())
    solution = there or Solution(code=code, city=city)
    solution.title, solution.summary, solution.themes = title, summary, list(dict.fromkeys(themes))
    solution.level, solution.evidence, solution.is_illustrative = level, evidence, is_illustrative
    solution.contact = (
        contact or solution.contact or Person.objects.filter(city=city).order_by("-is_focal_point", "seat").first()
    )
    solution.save()
    solution.building_blocks.all().delete()
    BuildingBlock.objects.bulk_create(
        BuildingBlock(solution=solution, position=position, title=block) for position, block in enumerate(blocks, 1)
    )
    return solution


def _names(solution: Solution) -> dict[str, object]:
    return {"city": solution.city.name.in_all(), "title": solution.title.in_all()}
