"""What people said, what cities committed themselves to, who got the results: facts 14 and 28 to 31 of the report."""

from majlis.dialogue.models import Dialogue
from majlis.outbox.models import Mail
from majlis.steps.evaluate.models import Commitment, Delivery, ExchangeSpace
from majlis.steps.evaluate.queries import results
from majlis.steps.evaluate.queries.results import Figure, Gain, Results
from majlis.steps.report.facts.tree import Fact, Records, counted

# The competence that stands for "planning capacity" in the summary.
PLANNING = "c_plan"


def evaluation(dialogue: Dialogue) -> list[Fact]:
    sent = Delivery.objects.filter(partner__dialogue=dialogue, mail__state=Mail.State.SENT)
    commitments = list(Commitment.objects.filter(partner__dialogue=dialogue).select_related("partner"))
    spaces = list(ExchangeSpace.objects.filter(dialogue=dialogue))
    facts = [
        counted("deliveries", "partner", sent.values_list("partner", flat=True)),
        counted("commitments", "commitment", (commitment.pk for commitment in commitments)),
        counted("commitments.cities", "city", (commitment.partner.city_id for commitment in commitments)),
        counted("spaces", "space", (space.pk for space in spaces)),
        Fact(
            "spaces.names",
            [space.name.in_all() for space in spaces],
            "names",
            Records.of("space", (s.pk for s in spaces)),
        ),
    ]
    survey = dialogue.surveys.filter(code="SV2").first()
    return [*facts, *_survey(results(survey))] if survey else facts


def _survey(found: Results) -> list[Fact]:
    """The end survey; fewer than five answers give no figure, here as on the page."""
    records = Records.of("response", found.survey.responses.values_list("pk", flat=True))
    facts = [
        Fact("survey.responses", found.responses, "count", records),
        Fact("survey.asked", found.asked, "count", Records("survey", (found.survey.pk,))),
    ]
    if not found.are_shown:
        return facts
    behind = Records("survey", (found.survey.pk,))
    facts += [
        Fact("survey.percent", found.percent, "number", behind),
        Fact("survey.nps", found.nps, "number", behind),
        Fact("survey.figures", [_figure(figure) for figure in found.figures if figure.is_shown], "rows", behind),
        Fact("survey.gains", [_gain(gain) for gain in found.gains if gain.is_shown], "rows", behind),
    ]
    planning = next((gain for gain in found.gains if gain.key == PLANNING and gain.is_shown), None)
    # "Rose from … to …" is said only when it did.
    if planning and planning.now is not None and planning.before is not None and planning.now > planning.before:
        facts += [
            Fact("gain.n", planning.n, "count", behind),
            Fact("gain.before", planning.before, "number", behind),
            Fact("gain.now", planning.now, "number", behind),
        ]
    return facts


def _figure(figure: Figure) -> dict[str, object]:
    classes = [[each.first, each.last, each.count] for each in figure.classes]
    return {
        "name": figure.question.in_all(),
        "n": figure.n,
        "median": figure.median,
        "mean": figure.mean,
        "classes": classes,
    }


def _gain(gain: Gain) -> dict[str, object]:
    return {"name": gain.question.in_all(), "n": gain.n, "before": gain.before, "now": gain.now, "gain": gain.mean_gain}
