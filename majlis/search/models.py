"""What can be found: entries with their letters (postings) and their meaning (vectors).

Everything here is derived from what other folders hold and can be made again at any time (`majlis index`).
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from pgvector.django import HalfVectorField, VectorField

from majlis.accounts.models import Account
from majlis.network.models import City, Person, Statement
from majlis.projects.models import ChangeProject
from majlis.solutions.models import Solution

# Of algorithms.embedding.default_embedder(); a model with another number needs a migration.
DIMENSIONS = 512


class Entry(models.Model):
    """One thing in one language: a solution written in German with an Arabic translation has two entries.

    Exactly one of city (for a city itself), person, solution, statement, project is what was found; the keys are real
    ones, so what is deleted is found no more in the same moment.
    """

    class Kind(models.TextChoices):
        SOLUTION = "solution", _("Solution")
        NEED = "need", _("Need")
        VISION = "vision", _("Vision")
        OFFER = "offer", _("Offer")
        PROJECT = "project", _("Change project")
        CITY = "city", _("City")
        PERSON = "person", _("Person")

    class Audience(models.IntegerChoices):
        """Who may see it. The secretariat sees everything here."""

        EVERYBODY = 0
        MEMBERS = 1  # whoever has signed in
        CITY = 2  # the focal point of its city
        SELF = 3  # the account named

    kind = models.CharField(max_length=8, choices=Kind.choices)
    city = models.ForeignKey(City, null=True, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    solution = models.ForeignKey(Solution, null=True, on_delete=models.CASCADE, related_name="+")
    statement = models.ForeignKey(Statement, null=True, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(ChangeProject, null=True, on_delete=models.CASCADE, related_name="+")

    language = models.CharField(max_length=2, help_text="of these words")
    original_language = models.CharField(max_length=2, help_text="in which the thing was written")
    body = models.TextField(help_text="What is compared by meaning, a line for each part")
    folded = models.TextField(help_text="What is compared by letters: the body with its city and country, folded")
    length = models.PositiveIntegerField(help_text="4-grams in it, repeated as they occur")

    country = models.CharField(max_length=2, blank=True)
    themes = ArrayField(models.CharField(max_length=6), default=list, help_text="GRN.03 and its main theme GRN")
    audience = models.PositiveSmallIntegerField(choices=Audience.choices)
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="+")
    stamp = models.CharField(max_length=32, help_text="Digest of its source: another one means that it has changed")

    class Meta:
        indexes = [models.Index(fields=["kind"]), models.Index(fields=["country"])]


class Vector(models.Model):
    """The meaning of an entry: as the model gave it, and less its language's mean, which is what is compared."""

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, primary_key=True, related_name="vector")
    model = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    values: Any = VectorField(dimensions=DIMENSIONS)
    centred: Any = HalfVectorField(
        dimensions=DIMENSIONS, null=True, help_text="Empty while not centred, and for a text without words"
    )


class Passage(models.Model):
    """A sentence of an entry that has several, so that a result can show the one that fits best."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="passages")
    position = models.PositiveSmallIntegerField()
    body = models.TextField()
    values: Any = VectorField(dimensions=DIMENSIONS)


class Mean(models.Model):
    """What is subtracted from the vectors of one kind in one language. Kind "" is every kind together: for questions."""

    model = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    kind = models.CharField(max_length=8, blank=True)
    language = models.CharField(max_length=2)
    counted = models.PositiveIntegerField()
    shift: Any = VectorField(dimensions=DIMENSIONS)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "language"], name="one_mean_per_kind_and_language")]


class Theme(models.Model):
    """The centre of a theme's names and examples (algorithms.concepts), kept so that a question need not encode them."""

    code = models.CharField(max_length=6, primary_key=True)
    model = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    centre: Any = VectorField(dimensions=DIMENSIONS)


class Posting(models.Model):
    """How often an entry holds a character 4-gram. The gram is kept as its CRC-32; all of BM25 is read from the index."""

    pk = models.CompositePrimaryKey("entry", "gram")
    # No constraint in the database: a hundred rows for each entry would be checked one by one.
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+")
    gram = models.IntegerField()
    count = models.PositiveSmallIntegerField()
    length = models.PositiveSmallIntegerField(help_text="The entry's, so that scoring reads nothing else")
    audience = models.PositiveSmallIntegerField(help_text="The entry's, so that what is hidden costs nothing")

    class Meta:
        indexes = [
            models.Index(fields=["gram"], include=["entry", "count", "length", "audience"], name="search_posting_gram")
        ]


class Gram(models.Model):
    """In how many entries a 4-gram occurs."""

    gram = models.IntegerField(primary_key=True)
    holding = models.IntegerField()


class State(models.Model):
    """The index as a whole; one row."""

    entries = models.PositiveIntegerField(default=0)
    length = models.FloatField(default=1, help_text="4-grams in an entry on average")
    is_approximate = models.BooleanField(default=False, help_text="Vectors are searched by the HNSW index")
    effort = models.PositiveSmallIntegerField(default=200, help_text="hnsw.ef_search")
    recall = models.FloatField(null=True, help_text="Share of the true ten nearest that the HNSW index finds")
    checked_at = models.DateTimeField(null=True)
    refreshed_at = models.DateTimeField(null=True)
