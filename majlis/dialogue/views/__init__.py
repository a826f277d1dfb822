"""The rooms of a dialogue as a whole: dialogues.py, and the planning of its sessions: planning.py. Its own page is home's."""
