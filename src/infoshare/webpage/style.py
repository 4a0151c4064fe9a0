"""How every page looks: colours by light and dark, text, badges, tables.

Invariants: text stands out from what is behind it by 4.5 to 1 or more; nothing is told by colour alone; nothing
is fetched. Deliberately not here: what only one page has, and paper and narrow screens, which depend on it.
"""

COLOURS = """
:root {
  color-scheme: light dark;
  --paper: #fbfaf7; --sheet: #ffffff; --ink: #1b2330; --soft: #4d5766; --rule: #d9d6cd; --accent: #0b5a6b;
  --share: #0b6237; --share-back: #dff3e7; --consent: #1c4b8c; --consent-back: #e3edfb;
  --withhold: #98201b; --withhold-back: #fbe6e3; --advice: #704300; --advice-back: #fcedcd;
  --exception: #5a2a84; --exception-back: #f0e6f9; --duty: #0c565d; --duty-back: #ddf1f2;
  --plain: #434b58; --plain-back: #e9ebef;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #12161c; --sheet: #1a2029; --ink: #e8ebf0; --soft: #aab3c0; --rule: #39424f; --accent: #7cc8d8;
    --share: #86d9a8; --share-back: #143524; --consent: #9cc3f7; --consent-back: #172c4a;
    --withhold: #f7a7a1; --withhold-back: #471a18; --advice: #f1c675; --advice-back: #3d2c0c;
    --exception: #d1b0f0; --exception-back: #34204a; --duty: #8ad3d9; --duty-back: #12363a;
    --plain: #c3cad4; --plain-back: #2b333e;
  }
}
"""

TEXT = """
* { box-sizing: border-box; }
html { background: var(--paper); scroll-padding-top: 1rem; }
body {
  margin: 0 auto; max-width: 72rem; padding: 2.5rem 2rem 4rem; color: var(--ink);
  font: 1rem/1.55 system-ui, "Segoe UI", "Helvetica Neue", Arial, "Liberation Sans", "DejaVu Sans", sans-serif;
  overflow-wrap: break-word;
}
h1, h2, h3, h4 { line-height: 1.25; text-wrap: balance; }
.statement { text-wrap: pretty; }
h1, h2, h3 { font-family: Charter, "Bitstream Charter", Cambria, Georgia, "Liberation Serif", "DejaVu Serif", serif; }
h1 { font-size: clamp(1.9rem, 1.2rem + 3vw, 3rem); margin: 0 0 1.2rem; font-weight: 600; letter-spacing: -0.01em; }
h2 {
  font-size: 1.75rem; margin: 4rem 0 1rem; padding-top: 0.9rem; border-top: 3px solid var(--accent); font-weight: 600;
}
h3 { font-size: 1.25rem; margin: 2.4rem 0 0.9rem; font-weight: 600; }
h4, .statement { font: 700 1.06rem/1.3 system-ui, "Segoe UI", "Helvetica Neue", Arial, "Liberation Sans", "DejaVu Sans", sans-serif; margin: 0; }
p, ul, dl { margin: 0.45rem 0; }
ul { padding-left: 1.2rem; }
li { margin: 0.15rem 0; }
a { color: var(--accent); text-underline-offset: 0.15em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
code { font: 0.82em ui-monospace, "SF Mono", Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace; color: var(--soft); }
.unseen, .skip:not(:focus) { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.over { color: var(--accent); font-weight: 600; margin: 0 0 0.5rem; }
.note { color: var(--soft); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: 0.9rem 2rem; margin: 0 0 1rem; }
.facts dt { font-size: 0.85rem; color: var(--soft); }
.facts dd { margin: 0; font-weight: 600; }
.facts div:has(.digest) { grid-column: 1 / -1; }
.digest { font-weight: 400; overflow-wrap: anywhere; }
nav { margin-top: 1.6rem; padding: 0.9rem 0; border-block: 1px solid var(--rule); }
nav ol { columns: 3 14rem; margin: 0; padding-left: 1.4rem; }
footer { margin-top: 3rem; color: var(--soft); font-size: 0.88rem; }
"""

BADGES = """
.badge, .verdict {
  display: inline-block; padding: 0.08rem 0.55rem; border-radius: 1rem; font-size: 0.84rem; font-weight: 600;
  white-space: nowrap; color: var(--plain); background: var(--plain-back);
}
.badge.share, .verdict.met { color: var(--share); background: var(--share-back); }
.badge.seek-consent { color: var(--consent); background: var(--consent-back); }
.badge.withhold, .verdict.unmet { color: var(--withhold); background: var(--withhold-back); }
.badge.seek-advice { color: var(--advice); background: var(--advice-back); }
.badge.exception { color: var(--exception); background: var(--exception-back); }
.badge.duty { color: var(--duty); background: var(--duty-back); }
.verdict { white-space: normal; border-radius: 0.6rem; }
"""

TABLES = """
table { width: 100%; border-collapse: collapse; margin: 1rem 0 1.8rem; }
caption { text-align: left; font-weight: 600; padding: 0.4rem 0; font-size: 1.1rem; }
th, td { text-align: left; vertical-align: top; padding: 0.55rem 0.8rem 0.55rem 0; border-bottom: 1px solid var(--rule); }
thead th { font-size: 0.85rem; color: var(--soft); font-weight: 600; }
tbody th { font-weight: 400; }
td ul { margin: 0; padding-left: 1.1rem; }
.signatures td { height: 3.6rem; border: 1px solid var(--soft); }
.signatures th { padding-left: 0.4rem; }
.signatures th:nth-child(4) { width: 28%; }
"""

DECISION = """
.infoshare-decision { overflow-wrap: break-word; line-height: 1.5; }
.infoshare-answer {
  margin: 0 0 1rem; padding: 1rem 1.1rem; border-left: 0.5rem solid var(--plain, #434b58);
  color: var(--plain, #434b58); background: var(--plain-back, #e9ebef); line-height: 1.3; text-wrap: pretty;
}
.infoshare-share { color: var(--share, #0b6237); background: var(--share-back, #dff3e7); border-color: var(--share, #0b6237); }
.infoshare-withhold { color: var(--withhold, #98201b); background: var(--withhold-back, #fbe6e3); border-color: var(--withhold, #98201b); }
.infoshare-seek-consent { color: var(--consent, #1c4b8c); background: var(--consent-back, #e3edfb); border-color: var(--consent, #1c4b8c); }
.infoshare-seek-advice, .infoshare-open {
  color: var(--advice, #704300); background: var(--advice-back, #fcedcd); border-color: var(--advice, #704300);
}
.infoshare-at-once { font-weight: 700; border-left: 0.5rem solid var(--withhold, #98201b); padding: 0.3rem 0 0.3rem 1.1rem; }
.infoshare-not-to, .infoshare-first { padding-left: 1.2rem; }
.infoshare-not-to li::marker { content: "\2715\00a0\00a0"; color: var(--withhold, #98201b); }
.infoshare-reference { color: var(--soft, #4d5766); font-size: 0.9em; margin-top: 1.5rem; }
@media print { .infoshare-answer { background: none; border: 1px solid; border-left-width: 0.5rem; } }
"""
"""For what `Decision.to_html` gives, on whatever page; its colours are those of the page where it has them."""
