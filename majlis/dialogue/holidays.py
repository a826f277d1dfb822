"""Names of public holidays in four languages: the library's English name is the message."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from majlis.language.words import in_all_languages

HOLIDAYS = {
    "Amazigh New Year": _("Amazigh New Year"),
    "Anniversary of the February 17 Revolution": _("Anniversary of the February 17 Revolution"),
    "Armed Forces Day": _("Armed Forces Day"),
    "Armenian Orthodox Christmas Day": _("Armenian Orthodox Christmas Day"),
    "Army Day": _("Army Day"),
    "Ascension Day": _("Ascension Day"),
    "Ashura": _("Ashura"),
    "Assumption Day": _("Assumption Day"),
    "Catholic Christmas Day": _("Catholic Christmas Day"),
    "Catholic Good Friday": _("Catholic Good Friday"),
    "Christmas Day": _("Christmas Day"),
    "Commemoration of the Saddam Baath crimes against the Iraqi people": _(
        "Commemoration of the Saddam Baath crimes against the Iraqi people"
    ),
    "Coptic Christmas Day": _("Coptic Christmas Day"),
    "Day of Arafah": _("Day of Arafah"),
    "Easter": _("Easter"),
    "Easter Monday": _("Easter Monday"),
    "Eid al-Adha": _("Eid al-Adha"),
    "Eid al-Adha Holiday": _("Eid al-Adha"),
    "Eid al-Fitr": _("Eid al-Fitr"),
    "Eid al-Fitr Holiday": _("Eid al-Fitr"),
    "Eid al-Ghadir": _("Eid al-Ghadir"),
    "Evacuation Day": _("Evacuation Day"),
    "Feast of the Annunciation": _("Feast of the Annunciation"),
    "German Unity Day": _("German Unity Day"),
    "Good Friday": _("Good Friday"),
    "Green March": _("Green March"),
    "Independence Day": _("Independence Day"),
    "International Women's Day": _("International Women’s Day"),
    "Islamic New Year": _("Islamic New Year"),
    "Islamic New Year Day": _("Islamic New Year"),
    "Isra' and Mi'raj": _("Isra and Miraj"),
    "January 25th Revolution and National Police Day": _("January 25th Revolution and National Police Day"),
    "July 23 Revolution Day": _("July 23 Revolution Day"),
    "June 30 Revolution Day": _("June 30 Revolution Day"),
    "Labor Day": _("Labour Day"),
    "Liberation Day": _("Liberation Day"),
    "Martyrs' Day": _("Martyrs’ Day"),
    "National Environmental Sanitation Day": _("National Environmental Sanitation Day"),
    "New Year's Day": _("New Year’s Day"),
    "Nowruz": _("Nowruz"),
    "Orthodox Christmas Day": _("Orthodox Christmas Day"),
    "Orthodox Good Friday": _("Orthodox Good Friday"),
    "Orthodox Holy Saturday": _("Orthodox Holy Saturday"),
    "Oued Ed-Dahab Day": _("Oued Ed-Dahab Day"),
    "Pentecost Monday": _("Pentecost Monday"),
    "Proclamation of Independence Day": _("Proclamation of Independence Day"),
    "Prophet's Birthday": _("Prophet’s Birthday"),
    "Republic Day": _("Republic Day"),
    "Resistance and Liberation Day": _("Resistance and Liberation Day"),
    "Revolution Day": _("Revolution Day"),
    "Revolution and Youth Day": _("Revolution and Youth Day"),
    "Saint Maron's Day": _("Saint Maron’s Day"),
    "Second Day of Christmas": _("Second Day of Christmas"),
    "Sinai Liberation Day": _("Sinai Liberation Day"),
    "Spring Festival": _("Spring Festival"),
    "Throne Day": _("Throne Day"),
    "Unity Day": _("Unity Day"),
    "Women's Day": _("Women’s Day"),
    "Youth Day": _("Youth Day"),
}
OTHER = pgettext_lazy("any", "public holiday")


def holiday_names(english: str) -> dict[str, str]:
    """{language: name} of a holiday; «public holiday» for one that no country of the network has."""
    return in_all_languages(HOLIDAYS.get(english, OTHER))
