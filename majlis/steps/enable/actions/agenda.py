"""The run of show of a session."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.dialogue.actions import record_gate
from majlis.dialogue.models import Session, Step
from majlis.dialogue.rules import require_open
from majlis.journal.actions import record
from majlis.steps.enable.models import AgendaBlock
from majlis.steps.enable.rules import check_blocks, gate, require_facilitate, require_state
from majlis.web.refused import NotNow
from majlis.web.sentences import Sentence


def plan_blocks(*, by: Account, session: Session, blocks: Sequence[tuple[str, int]]) -> list[AgendaBlock]:
    """Write the run of show: (kind of block, minutes) in order. Once groups are planned only minutes may change."""
    require_facilitate(by, session.dialogue)
    check_blocks(session, blocks)
    with transaction.atomic():
        require_open(session.dialogue, Step.ENABLE)
        session = Session.objects.select_for_update().select_related("dialogue").get(pk=session.pk)
        require_state(session, Session.State.PLANNED)
        before = list(session.blocks.all())
        has_groups = session.blocks.filter(round__isnull=False).exists()
        if has_groups and [block.code for block in before] != [code for code, _minutes in blocks]:
            raise NotNow(
                _("The groups of session %(code)s are planned: its blocks keep their order, only minutes may change."),
                code=session.code,
            )
        if has_groups:
            for block, (_code, minutes) in zip(before, blocks, strict=True):
                block.minutes = minutes
            AgendaBlock.objects.bulk_update(before, ["minutes"])
        else:
            session.blocks.all().delete()
            AgendaBlock.objects.bulk_create(
                AgendaBlock(session=session, position=position, code=code, minutes=minutes)
                for position, (code, minutes) in enumerate(blocks, 1)
            )
        record(
            act="enable.plan_blocks", by=by, scope=session.dialogue.scope, subject=session,
            sentence=Sentence(_("The run of show of session %(code)s was written: %(blocks)s blocks, %(minutes)s minutes"),
                              {"code": session.code, "blocks": len(blocks), "minutes": sum(m for _c, m in blocks)}),
            facts={"blocks": [list(block) for block in blocks]},
        )  # fmt: skip
        record_gate(session.dialogue, Step.ENABLE, gate(session.dialogue))
    return list(session.blocks.all())
