"""The library of practice."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from majlis.language.models import TextField
from majlis.network.models import City, Person


class Solution(models.Model):
    """A practice that a city has tried, described so that a colleague elsewhere can start from it."""

    class Level(models.TextChoices):
        SNAPSHOT = "snapshot", _("Snapshot")
        FULL = "full", _("Full entry")

    class Evidence(models.TextChoices):
        TOLD = "told", _("Told by the city")
        DOCUMENTED = "documented", _("Documented")
        MEASURED = "measured", _("Measured")
        EVALUATED = "evaluated", _("Evaluated from outside")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    code = models.SlugField(max_length=30, unique=True)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="solutions")
    contact = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="+", help_text="The role that answers questions"
    )
    title = TextField()
    summary = TextField(blank=True)
    themes = ArrayField(models.CharField(max_length=6), default=list)
    level = models.CharField(max_length=8, choices=Level.choices, default=Level.SNAPSHOT)
    evidence = models.CharField(max_length=10, choices=Evidence.choices, default=Evidence.TOLD)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    is_illustrative = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return str(self.title)


class BuildingBlock(models.Model):
    """A part of a solution that can be taken over by itself."""

    solution = models.ForeignKey(Solution, on_delete=models.CASCADE, related_name="building_blocks")
    position = models.PositiveSmallIntegerField()
    title = TextField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["solution", "position"], name="building_block_position_once")]
