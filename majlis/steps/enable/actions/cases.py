"""What cities bring to their peers."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.dialogue.models import Participant, Session, Step
from majlis.dialogue.rules import require_open
from majlis.journal.actions import record
from majlis.language.models import Text
from majlis.network.terms import themes as all_themes
from majlis.room import actions as rooms
from majlis.room.models import Room
from majlis.steps.enable.models import BroughtCase
from majlis.steps.enable.rules import OWN_CASE_ONLY, require_own
from majlis.web.refused import NotNow, Refused
from majlis.web.sentences import Sentence


def bring_case(
    *,
    by: Account,
    participant: Participant,
    key_question: Text,
    themes: Sequence[str],
    session: Session | None = None,
) -> BroughtCase:
    """Bring one's city's case, or write it anew until its room runs; `session` is the one wished for.

    The question is confidential: only the room that consults it, its giver and the act's rights see it.
    """
    require_own(by, participant, OWN_CASE_ONLY)
    dialogue, city = participant.dialogue, participant.person.city
    if participant.role != Participant.Role.PRACTITIONER or city is None:
        raise Refused(_("A case is brought by somebody who takes part for a city."))
    if not key_question.body.strip():
        raise Refused(_("Write your question in one sentence, for example: How can we …?"))
    if unknown := [code for code in themes if code not in all_themes()]:
        raise Refused(_("There is no theme with the code “%(code)s”."), code=unknown[0])
    if session and session.dialogue_id != dialogue.pk:
        raise Refused(_("That session belongs to another dialogue."))
    with transaction.atomic():
        require_open(dialogue, Step.ENABLE)
        before = BroughtCase.objects.select_for_update(of=("self",)).filter(participant=participant).first()
        room = Room.objects.filter(case=before.case).first() if before else None
        if room and not room.is_over:
            raise NotNow(
                _("The groups are planned and your case has its room. Tell the change there, in the first phase.")
            )
        case = rooms.open_case(
            by=by, city=city, giver=participant.person, key_question=key_question, themes=themes, scope=dialogue.scope
        )
        if before:
            before.case, before.session = case, session
            before.save()
        brought = before or BroughtCase.objects.create(
            dialogue=dialogue, participant=participant, session=session, case=case
        )
        record(
            act="enable.bring_case", by=by, scope=dialogue.scope, subject=brought,
            sentence=Sentence(_("%(city)s brings a case to the dialogue"), {"city": city.name.in_all()}),
            facts={"themes": list(themes), "session": session.code if session else ""},
        )  # fmt: skip
    return brought
