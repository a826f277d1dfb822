"""What people type about a dialogue and its sessions."""

from majlis.dialogue.forms.dialogues import DialogueForm as DialogueForm
from majlis.dialogue.forms.dialogues import ParticipantsForm as ParticipantsForm
from majlis.dialogue.forms.dialogues import PartnersForm as PartnersForm
from majlis.dialogue.forms.planning import BlockedDaysForm as BlockedDaysForm
from majlis.dialogue.forms.planning import SessionForm as SessionForm
from majlis.dialogue.forms.planning import TimesForms as TimesForms
from majlis.dialogue.forms.planning import WishForm as WishForm
