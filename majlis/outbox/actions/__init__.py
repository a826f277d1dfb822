"""Acts on mails: draft, look, approve, send once, pause, try again, cancel; their texts; what comes back."""

from majlis.outbox.actions.bounces import settle_bounce, take_bounce, upload_report
from majlis.outbox.actions.budgets import TooOften, spend
from majlis.outbox.actions.drafting import draft_batch
from majlis.outbox.actions.incoming import offered, read_mailbox
from majlis.outbox.actions.sending import (
    approve_batch,
    cancel_batch,
    go_on,
    hold_batch,
    pause_batch,
    release_batch,
    send_batch,
    settle_unclear,
    take_back_approval,
    test_batch,
    test_mail,
    try_again,
    withdraw,
)
from majlis.outbox.actions.stopping import stop, want_again
from majlis.outbox.actions.texts import reset_text, write_text
from majlis.outbox.actions.timer import resume
from majlis.outbox.delivery import deliver, deliver_all, deliver_due
from majlis.outbox.letters import Letter

__all__ = [
    "Letter", "TooOften", "approve_batch", "cancel_batch", "deliver", "deliver_all", "deliver_due", "draft_batch", "go_on",
    "hold_batch", "offered", "pause_batch", "read_mailbox", "release_batch", "reset_text", "resume", "send_batch", "settle_bounce",
    "settle_unclear", "spend", "stop", "take_back_approval", "take_bounce", "test_batch", "test_mail", "try_again",
    "upload_report", "want_again", "withdraw", "write_text",
]  # fmt: skip
