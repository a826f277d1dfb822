"""The standing network: cities, organisations, people, and what they need, envision and offer."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from majlis.language.models import TextField


class City(models.Model):
    """A municipality. Names in four languages; zone, coordinates and size come from the gazetteer or the import."""

    slug = models.SlugField(max_length=60, unique=True, help_text="country and name, e.g. tn-gabes")
    name = TextField()
    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2, a key of terms.countries()")
    latitude = models.FloatField(help_text="degrees north")
    longitude = models.FloatField(help_text="degrees east")
    zone = models.CharField(max_length=50, help_text="IANA time zone")
    size_class = models.CharField(max_length=3, help_text="SZ1…SZ6, see terms.size_classes()")
    is_illustrative = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return str(self.name)


class Organisation(models.Model):
    """Whom a person works for when it is not the municipality itself: a chamber, an association, a university."""

    name = TextField()
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="organisations")
    actor_type = models.CharField(max_length=10, help_text="ACT.…, see terms.actor_types()")


class Person(models.Model):
    """A practitioner. What is shown is a role title; a real name is never required."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="person")
    city = models.ForeignKey(City, null=True, on_delete=models.PROTECT, related_name="people")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="people"
    )
    role_title = TextField()
    languages = ArrayField(models.CharField(max_length=2), default=list)
    seat = models.PositiveSmallIntegerField(
        default=1, help_text="1 and 2: practitioners of the municipality; 3: its partner seat"
    )
    gender = models.CharField(
        max_length=10, blank=True, help_text="woman, man, other or empty: for statistics only, never shown"
    )
    is_focal_point = models.BooleanField(default=False)
    is_listed = models.BooleanField(default=False, help_text="Consented to stand in the directory")

    class Meta:
        ordering = ["city__slug", "seat"]
        constraints = [
            models.UniqueConstraint(
                fields=["city"], condition=models.Q(is_focal_point=True), name="one_focal_point_per_city"
            )
        ]

    def __str__(self) -> str:
        return str(self.role_title)


class Statement(models.Model):
    """What a city needs, envisions or offers, in its own words and language, with codes of the LED taxonomy."""

    class Kind(models.TextChoices):
        NEED = "need", _("Need")
        VISION = "vision", _("Vision")
        OFFER = "offer", _("Offer")

    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="statements")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    text = TextField()
    themes = ArrayField(
        models.CharField(max_length=6), default=list, help_text="codes such as GRN.03, see terms.themes()"
    )
    key = models.CharField(max_length=80, unique=True, help_text="Where it came from; a re-import updates by it")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["city__slug", "kind", "id"]


class WorkbookImport(models.Model):
    """An uploaded workbook: read, previewed with its problems, and only then brought in as a whole."""

    class State(models.TextChoices):
        PREVIEW = "preview", _("Preview")
        QUEUED = "queued", _("Being brought in")
        DONE = "done", _("Imported")
        DISCARDED = "discarded", _("Discarded")

    filename = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file")
    rows: Any = models.JSONField(help_text="{sheet: [ {column: value, '_row': number} ]}")
    problems: Any = models.JSONField(default=list, help_text="[{sheet, row, column, sentence}]")
    changes: Any = models.JSONField(default=dict, help_text="{sheet: {new, changed, unchanged}}")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREVIEW)
    progress: Any = models.JSONField(default=dict, help_text="{done, of}: rows written while a job brings it in")
    refusal: Any = models.JSONField(default=dict, help_text="Sentence.as_json: why the job did not bring it in")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)
