"""One policy in many rule engines, measured side by side.

From the outside in: `specification` (the policy, for everybody), `cases`, `synthetic` (many rules), `conditions`
(a condition in other languages), `engines` (one file each), `catalogue` (which of them are here), `timing`,
`parts` (what is measured, one file each), `page` and `plot` (what is told of it).
"""
