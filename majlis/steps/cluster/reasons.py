"""Why a cluster exists and why a city sits in it, in words: what the algorithm found, as sentences."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_noop as _

from majlis.algorithms.clustering import Fit, Group, Shared
from majlis.language.models import LANGUAGES, Text
from majlis.language.words import in_all_languages
from majlis.network import terms
from majlis.steps.cluster.terms import CROSS_CUTTING, theme_names, track_names
from majlis.web.sentences import Sentence

Names = Mapping[str, Mapping[str, str]]

NEED_AND_VISION = _(
    "Shares the need “%(needs)s” with %(need_cities)s and the vision “%(visions)s” with %(vision_cities)s."
)
NEED = _("Shares the need “%(needs)s” with %(need_cities)s.")
VISION = _("Shares the vision “%(visions)s” with %(vision_cities)s.")
READ = _(
    "Majlis reads “%(themes)s” in its statements, as in those of %(cities)s; nobody has confirmed these themes yet."
)
KIN_AND_REGION = _("Works on “%(themes)s” like %(cities)s, and lies in the same region as %(neighbours)s.")
KIN = _("Works on “%(themes)s” like %(cities)s.")
REGION = _("Lies in the same region as %(neighbours)s.")
SIZE = _("Fits best here within the size limits; it shares no theme with the others.")

COMMON = _("What its cities name most often: %(themes)s. They come from %(countries)s.")
COMMON_READ = _(
    "What its cities speak of most often, as Majlis reads it where nobody has given a theme: %(themes)s. They come from %(countries)s."
)
NO_COMMON = _("Its cities come from %(countries)s; they have not named themes that others share.")
NUMBERED = _("Cluster %(number)s")
TRACK_AND_THEME = _("%(track)s: %(theme)s")

# A reason names few things: two themes and three cities are read, more are skipped.
THEMES, CITIES, COMMON_THEMES = 2, 3, 3


def of_city(fit: Fit, cities: Names) -> Sentence:
    """Why this city sits here. `cities`: {key: names}."""
    params: dict[str, object] = {}
    if fit.needs:
        params |= {"needs": _themes(fit.needs), "need_cities": _cities(fit.needs, cities)}
    if fit.visions:
        params |= {"visions": _themes(fit.visions), "vision_cities": _cities(fit.visions, cities)}
    if params:
        return Sentence(NEED_AND_VISION if len(params) == 4 else NEED if fit.needs else VISION, params)
    if fit.read:
        return Sentence(READ, {"themes": _themes(fit.read), "cities": _cities(fit.read, cities)})
    kin = [each for each in fit.families if each.theme != CROSS_CUTTING][:1]
    if kin:
        params = {"themes": [track_names(each.theme) for each in kin], "cities": _cities(kin, cities)}
    if fit.region:
        params["neighbours"] = [cities[key] for key in fit.region[:CITIES]]
    return Sentence(KIN_AND_REGION if kin and fit.region else KIN if kin else REGION if fit.region else SIZE, params)


def of_cluster(group: Group) -> Sentence:
    """Why this cluster exists: the themes that most of its members share, with how many of them do."""
    countries = [terms.names(terms.countries()[code]) for code in group.countries if code in terms.countries()]
    shared = [(code, count) for code, count in group.themes if count > 1][:COMMON_THEMES]
    if not shared:
        return Sentence(NO_COMMON, {"countries": countries})
    themes = [
        {language: f"{name} ({count}/{len(group.keys)})" for language, name in theme_names(code).items()}
        for code, count in shared
    ]
    return Sentence(COMMON_READ if group.is_read else COMMON, {"themes": themes, "countries": countries})


def names(groups: Sequence[Group]) -> list[Text]:
    """A name for each cluster: the track that is more its own than any other's; with its most characteristic theme when
    two clusters share the track; a number when nothing is known."""
    tracks = [next((family for family, _lift in group.families if family != CROSS_CUTTING), "") for group in groups]
    found: list[Text] = []
    for number, (group, track) in enumerate(zip(groups, tracks, strict=True), 1):
        spoken = in_all_languages(Sentence(NUMBERED, {"number": number}))
        if track and tracks.count(track) == 1:
            spoken = track_names(track)
        elif track and group.characteristic:
            both = {"track": track_names(track), "theme": theme_names(group.characteristic[0][0])}
            spoken = in_all_languages(Sentence(TRACK_AND_THEME, both))
        found.append(Text.of({language: spoken[language] for language in LANGUAGES}))
    return found


def _themes(shared: Sequence[Shared]) -> list[dict[str, str]]:
    return [theme_names(each.theme) for each in shared[:THEMES]]


def _cities(shared: Sequence[Shared], cities: Names) -> list[Mapping[str, str]]:
    keys = dict.fromkeys(key for each in shared[:THEMES] for key in each.keys)
    return [cities[key] for key in list(keys)[:CITIES]]
