"""What every HTML page of infoshare is made with: markup that cannot be misused, the frame, the look.

Deliberately not here: what is on any page (`authoring.page`, `records.page`).
"""
