"""Acts on mails: draft, look, approve, send once, pause, try again, cancel; what comes back."""

from majlis.outbox.actions.bounces import settle_bounce, take_bounce, upload_report
from majlis.outbox.actions.incoming import offered, read_mailbox
from majlis.outbox.actions.sending import (
    cancel_batch,
    draft_batch,
    hold_batch,
    release_batch,
    send_batch,
    test_mail,
    try_again,
    withdraw,
)
from majlis.outbox.delivery import deliver, deliver_all, resume
from majlis.outbox.letters import Letter

__all__ = [
    "Letter", "cancel_batch", "deliver", "deliver_all", "draft_batch", "hold_batch", "offered", "read_mailbox",
    "release_batch", "resume", "send_batch", "settle_bounce", "take_bounce", "test_mail", "try_again", "upload_report",
    "withdraw",
]  # fmt: skip
