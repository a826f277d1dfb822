"""Who is asked, and who has not answered yet."""

from dataclasses import dataclass

from django.db.models import QuerySet

from majlis.accounts.models import Account, ActionLink
from majlis.dialogue.models import Dialogue, Participant
from majlis.language.models import Text
from majlis.outbox.models import Batch
from majlis.solutions.models import Solution
from majlis.steps.evaluate.models import Survey
from majlis.steps.evaluate.rules import pseudonym

ANSWER = "evaluate.answer"


@dataclass(frozen=True)
class Choices:
    """What may be picked in a survey: solutions by code, cities of the dialogue by short name."""

    solutions: dict[str, Text]
    cities: dict[str, Text]


def asked(dialogue: Dialogue) -> QuerySet[Participant]:
    """The practitioners who came to at least one session: they are asked, and the response rate counts them."""
    return (
        dialogue.participants.filter(role=Participant.Role.PRACTITIONER, attendance__isnull=False)
        .select_related("person__account", "partner__city")
        .distinct()
    )


def unanswered(survey: Survey) -> list[Participant]:
    """Those asked whose answers are not there yet."""
    answered = set(survey.responses.values_list("pseudonym", flat=True))
    people = asked(survey.dialogue)
    return [each for each in people if pseudonym(survey.dialogue, each.person.account) not in answered]


def choices(survey: Survey) -> Choices:
    cities = [partner.city for partner in survey.dialogue.partners.select_related("city")]
    solutions = Solution.objects.filter(state=Solution.State.PUBLISHED, city__in=cities)
    return Choices({solution.code: solution.title for solution in solutions}, {city.slug: city.name for city in cities})


def survey_batch(survey: Survey) -> Batch | None:
    """The newest batch of mails that asked for answers."""
    return Batch.objects.filter(mails__once__startswith=f"evaluate.survey:{survey.pk}:").distinct().first()


def open_links(account: Account) -> list[tuple[ActionLink, Survey]]:
    """The surveys that wait for this person, each with the link that answers it."""
    links = {
        link.subject: link
        for link in ActionLink.objects.filter(account=account, act=ANSWER, revoked_at=None)
        if link.is_live()
    }
    numbers = [int(subject.partition(":")[2]) for subject in links]
    surveys = Survey.objects.filter(pk__in=numbers, dialogue__steps__step="evaluate", dialogue__steps__state="open")
    answered = {survey.pk: pseudonym(survey.dialogue, account) for survey in surveys.select_related("dialogue")}
    done = set(
        Survey.objects.filter(pk__in=answered, responses__pseudonym__in=answered.values()).values_list("pk", flat=True)
    )
    return [(links[f"survey:{survey.pk}"], survey) for survey in surveys if survey.pk not in done]
