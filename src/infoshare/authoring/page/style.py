"""How the page looks: light and dark, wide and narrow, on a screen and on paper.

Invariants: text stands out from what is behind it by 4.5 to 1 or more; nothing is told by colour alone; nothing
is fetched. Deliberately not here: any text of a policy.
"""

_COLOURS = """
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

_TEXT = """
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

_BADGES = """
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

_CLAUSES = """
.clause {
  display: grid; grid-template-columns: 2.6rem minmax(0, 1fr) 18rem; gap: 0 1.2rem; padding: 1.15rem 1.2rem;
  background: var(--sheet); border: 1px solid var(--rule); border-radius: 10px; margin: 0.8rem 0;
}
.clause:target, .scenario:target { outline: 2px solid var(--accent); }
.clause > .number {
  font: 600 1.5rem/1.2 Charter, "Bitstream Charter", Cambria, Georgia, "Liberation Serif", "DejaVu Serif", serif;
  color: var(--accent); text-align: right;
}
.beside { border-left: 1px solid var(--rule); padding-left: 1.2rem; font-size: 0.92rem; }
.beside p:first-child, .says p:first-child { margin-top: 0; }
.beside p { margin: 0 0 0.7rem; }
.beside p:last-child { margin-bottom: 0; }
.cited span { color: var(--soft); }
.uncited { color: var(--soft); font-style: italic; }
.because { color: var(--soft); }
.because .lead { color: var(--ink); font-weight: 600; }
.what { margin: 0.35rem 0 0.6rem; }
.relations { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.25rem 0.8rem; font-size: 0.9rem; }
.relations dt { color: var(--soft); }
.relations dd { margin: 0; }
.to {
  display: inline-block; min-width: 1.7rem; padding: 0 0.35rem; border: 1px solid var(--rule); border-radius: 5px;
  text-align: center; text-decoration: none; font-variant-numeric: tabular-nums; line-height: 1.45;
}
.to:hover { border-color: var(--accent); }
.meaning { margin: 0.8rem 0; }
"""

_SCENARIOS = """
.scenario {
  background: var(--sheet); border: 1px solid var(--rule); border-radius: 10px; padding: 1rem 1.2rem; margin: 0.8rem 0;
}
.scenario h3 { margin: 0; font-size: 1.1rem; }
.scenario h4 { font-size: 0.88rem; color: var(--soft); font-weight: 600; }
.scenario .about { margin: 0.3rem 0 0.6rem; font-size: 0.9rem; color: var(--soft); }
.both { display: grid; grid-template-columns: 1fr 1.25fr; gap: 0.5rem 2rem; font-size: 0.95rem; }
.problems { color: var(--withhold); }
"""

_TABLES = """
table { width: 100%; border-collapse: collapse; margin: 1rem 0 1.8rem; }
caption { text-align: left; font-weight: 600; padding: 0.4rem 0; font-size: 1.1rem; }
th, td { text-align: left; vertical-align: top; padding: 0.55rem 0.8rem 0.55rem 0; border-bottom: 1px solid var(--rule); }
thead th { font-size: 0.85rem; color: var(--soft); font-weight: 600; }
tbody th { font-weight: 400; }
td ul { margin: 0; padding-left: 1.1rem; }
.vocabulary { table-layout: fixed; font-size: 0.95rem; }
.vocabulary th:first-child { width: 42%; }
.coverage td { width: 14rem; font-weight: 600; }
.signatures td { height: 3.6rem; border: 1px solid var(--soft); }
.signatures th { padding-left: 0.4rem; }
.signatures th:nth-child(4) { width: 28%; }
"""

_DRAWING = """
.drawing {
  overflow-x: auto; background: var(--sheet); border: 1px solid var(--rule); border-radius: 10px; padding: 0.6rem;
}
.drawing svg { display: block; max-width: 100%; height: auto; min-width: 46rem; margin: 0 auto; }
.drawing text { fill: var(--ink); font-size: 13px; }
.drawing .number { font-weight: 700; }
.drawing .kind { font-size: 12px; font-weight: 600; fill: var(--plain); }
.box { fill: var(--paper); stroke: var(--soft); stroke-width: 1; }
.rule { stroke: var(--rule); fill: none; }
.line { fill: none; stroke: var(--soft); stroke-width: 1.3; }
.line.sets-aside { stroke: var(--exception); stroke-dasharray: 5 4; }
.head { fill: var(--soft); }
.head.sets-aside { fill: var(--exception); }
.stripe { fill: var(--plain); }
.stripe.share, .drawing .kind.share { fill: var(--share); }
.stripe.seek-consent, .drawing .kind.seek-consent { fill: var(--consent); }
.stripe.withhold, .drawing .kind.withhold { fill: var(--withhold); }
.stripe.seek-advice, .drawing .kind.seek-advice { fill: var(--advice); }
.stripe.exception, .drawing .kind.exception { fill: var(--exception); }
.stripe.duty, .drawing .kind.duty { fill: var(--duty); }
details { margin: 0.8rem 0; }
summary { cursor: pointer; color: var(--accent); }
pre {
  overflow-x: auto; background: var(--sheet); border: 1px solid var(--rule); border-radius: 8px; padding: 0.8rem;
  font: 0.8rem/1.5 ui-monospace, "SF Mono", Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace;
}
"""

_NARROW = """
@media screen and (max-width: 52rem) {
  body { padding: 1.4rem 1rem 3rem; }
  h2 { margin-top: 3rem; font-size: 1.5rem; }
  .clause { grid-template-columns: 2rem minmax(0, 1fr); gap: 0.4rem 0.7rem; padding: 0.9rem; }
  .clause > .number { text-align: left; }
  .beside { grid-column: 2; border-left: 0; border-top: 1px solid var(--rule); padding: 0.6rem 0 0; }
  .both { grid-template-columns: 1fr; }
  .vocabulary thead, .signatures thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .vocabulary, .vocabulary tbody, .vocabulary tr, .vocabulary th, .vocabulary td, .vocabulary caption,
  .signatures, .signatures tbody, .signatures tr, .signatures td { display: block; }
  .vocabulary th:first-child { width: auto; }
  .vocabulary tr { border-bottom: 1px solid var(--rule); padding: 0.6rem 0; }
  .vocabulary th, .vocabulary td { border: 0; padding: 0.15rem 0; }
  .vocabulary td::before, .signatures td::before { content: attr(data-label); display: block; font-size: 0.82rem; color: var(--soft); }
  .signatures tr { margin-bottom: 1.2rem; }
  .signatures td { padding: 0.3rem 0.5rem; border-bottom-width: 0; }
  .signatures td:last-child { border-bottom-width: 1px; }
  .coverage td { width: 6.5rem; }
}
"""

_PRINT = """
@page { size: A4; margin: 18mm 16mm 20mm; @bottom-right { content: counter(page) " / " counter(pages); font-size: 9pt; } }
@media print {
  html, .clause, .scenario, .drawing, pre { background: none; }
  html { font-size: 9.5pt; }
  body { max-width: none; padding: 0; line-height: 1.42; }
  h1 { font-size: 24pt; }
  h2 { font-size: 16pt; margin-top: 1.6rem; }
  h3 { font-size: 12.5pt; }
  h4, .statement { font-size: 10.5pt; }
  h1, h2, h3, h4, caption, thead { break-after: avoid; }
  .clause, .scenario, .meaning, .coverage, tr, .facts, .badge { break-inside: avoid; }
  thead { display: table-header-group; }
  p, li { orphans: 3; widows: 3; }
  .clause { grid-template-columns: 1.8rem minmax(0, 1fr) 31%; padding: 0.7rem 0.2rem; border-width: 1px 0 0; border-radius: 0; margin: 0; }
  .scenario { border-width: 1px 0 0; border-radius: 0; padding: 0.7rem 0.2rem; margin: 0; }
  .badge, .verdict { border: 1px solid currentColor; background: none; }
  a { color: inherit; text-decoration: none; }
  nav, details, .skip { display: none; }
  #picture { break-before: page; break-after: page; }
  #picture h2 { margin-top: 0; }
  .drawing { overflow: visible; border: 0; padding: 0; }
  .drawing svg { min-width: 0; max-width: 100%; max-height: 216mm; }
  #vocabulary, #scenarios { break-before: page; }
  #signatures { break-inside: avoid; }
  .signatures td { height: 15mm; }
}
"""

STYLE = f"{_COLOURS}{_TEXT}{_BADGES}{_CLAUSES}{_SCENARIOS}{_TABLES}{_DRAWING}{_NARROW}{_PRINT}"
"""The whole style sheet."""
