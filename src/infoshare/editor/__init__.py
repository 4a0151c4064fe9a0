"""The language service: what an editor asks about the text that somebody is writing.

Frozen values in, frozen values out: a `Workspace` is what an author sees at a moment (folders, and the texts that are
open over what is on the disk), and every question about it is a function of it. Places are `Span`s, which count
characters; a protocol counts them its own way.

A keystroke costs what changed: a `Document` is cut into stretches of a declaration each, which are read once and kept.
What is proved about whole policies (`Workspace.check_up`) is asked for by itself, and never stands in the way.
Deliberately not here: protocols, threads and printing (`infoshare.lsp`, and whoever else speaks to an editor).
"""
