"""The language service over the Language Server Protocol, on standard input and output. Needs the extra `lsp`.

A thin shell: it turns the protocol's messages into questions to `infoshare.editor`, and answers back; it keeps the
workspace as it is at the moment, and has what takes time looked at beside, never in the way of a keystroke.
Deliberately not here: any answer.
"""
