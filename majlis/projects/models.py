"""Change projects of cities, the resources they lack and the support they ask for."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from majlis.language.models import TextField
from majlis.network.models import City, Person
from majlis.projects.terms import unit_name


class ChangeProject(models.Model):
    """What a city wants to change: problem, objective, actions, resources."""

    class Stage(models.TextChoices):
        DRAFTED = "drafted", _("Drafted")
        VALIDATED = "validated", _("Validated by local actors")
        SELECTED = "selected", _("Selected")
        WORKSHOP = "workshop", _("Project workshop")
        PROPOSAL = "proposal", _("Proposal")
        PITCHED = "pitched", _("Pitched to funders")
        FUNDED = "funded", _("Funded")
        PARKED = "parked", _("Parked")

    code = models.SlugField(max_length=30, unique=True)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="projects")
    scope = models.CharField(max_length=80, blank=True, help_text="The dialogue it grew from, as in the journal")
    title = TextField()
    problem = TextField(blank=True)
    objective = TextField(blank=True)
    themes = ArrayField(models.CharField(max_length=6), default=list)
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.DRAFTED)
    advisors = models.ManyToManyField(City, related_name="advised_projects", blank=True)
    is_illustrative = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return str(self.title)


class PlannedAction(models.Model):
    """One line of the action plan: one responsible role, a start and an end."""

    project = models.ForeignKey(ChangeProject, on_delete=models.CASCADE, related_name="planned_actions")
    position = models.PositiveSmallIntegerField()
    text = TextField()
    responsible = TextField()
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="action_ends_after_start"
            )
        ]


class Resource(models.Model):
    """What a project needs of one kind and has already; the gap is what is left."""

    project = models.ForeignKey(ChangeProject, on_delete=models.CASCADE, related_name="resources")
    type = models.CharField(max_length=8, help_text="RES.…, see terms.resource_types()")
    required = models.DecimalField(max_digits=12, decimal_places=2)
    available = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    unit = models.CharField(max_length=30, help_text="EUR, days, pieces …")
    note = TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "type", "unit"], name="resource_once_per_project"),
            models.CheckConstraint(
                condition=models.Q(required__gte=0) & models.Q(available__gte=0), name="resource_not_negative"
            ),
        ]

    @property
    def unit_name(self) -> str:
        return unit_name(self.unit)

    @property
    def gap(self) -> Decimal:
        """required − available, never below zero; in `unit`."""
        return max(self.required - self.available, Decimal(0))


class SupportRequest(models.Model):
    """Support that a project asks the network for, and who offered it."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        OFFERED = "offered", _("Offered")
        MATCHED = "matched", _("Matched")
        DELIVERED = "delivered", _("Delivered")

    project = models.ForeignKey(ChangeProject, on_delete=models.CASCADE, related_name="support_requests")
    type = models.CharField(max_length=12, help_text="SUP.…, see terms.support_types()")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    offered_by = models.ForeignKey(
        City, null=True, blank=True, on_delete=models.SET_NULL, related_name="support_offered"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["project", "type"], name="support_asked_once_per_type")]
