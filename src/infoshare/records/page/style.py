"""How the page of a record looks: on a screen, wide and narrow, and on paper; colours and text as every page has them.

Invariants: as in `webpage.style`. Deliberately not here: any text of a record.
"""

from infoshare.webpage.style import BADGES, COLOURS, TABLES, TEXT

_PARTS = """
body { max-width: 62rem; }
h2 { margin-top: 3rem; font-size: 1.5rem; }
h3 { margin: 1.6rem 0 0.6rem; font-size: 1.12rem; }
.lead { font-weight: 600; }
.notice { border-left: 4px solid var(--accent); padding: 0.2rem 0 0.2rem 1rem; margin: 0 0 1.4rem; }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
.box { background: var(--sheet); border: 1px solid var(--rule); border-radius: 10px; padding: 1rem 1.2rem; }
.box h3 { margin: 0 0 0.6rem; font-size: 1rem; color: var(--soft); }
.answer .badge { font-size: 1.15rem; padding: 0.2rem 0.9rem; }
blockquote { margin: 0.5rem 0; padding-left: 1rem; border-left: 3px solid var(--rule); }
.told { margin: 0.6rem 0; }
main > .lead:first-child { margin-top: 1.4rem; }
.told > div { display: grid; grid-template-columns: 15rem minmax(0, 1fr); gap: 0 1.4rem; margin: 0.5rem 0; }
.told dt { color: var(--soft); }
.told dd { margin: 0; }
.told dd p:first-child { margin-top: 0; }
.told dd p { margin: 0 0 0.3rem; }
.clause { margin: 0.9rem 0; }
.clause .statement { text-wrap: pretty; }
.clause ul, .hold ul { margin: 0.25rem 0; }
.clause .lead { color: var(--soft); }
.cited { color: var(--soft); font-size: 0.9rem; font-weight: 400; margin: 0.2rem 0 0; }
.hold p { margin: 0 0 0.25rem; }
.hold + .hold { margin-top: 0.8rem; }
ul.plain { list-style: none; padding: 0; }
ul.plain > li { border-left: 3px solid var(--rule); padding-left: 1rem; margin: 1rem 0; }
ul.plain > li > .clause + .clause { margin-left: 1.2rem; }
tbody th { font-weight: 600; }
td p { margin: 0.2rem 0; }
td .statement { font-size: 0.95rem; }
.sharing { table-layout: fixed; }
.sharing thead th:nth-child(1), .sharing thead th:nth-child(2) { width: 20%; }
.sharing thead th:nth-child(3) { width: 17%; }
.duties { table-layout: fixed; }
.duties thead th:nth-child(2) { width: 19%; }
.duties thead th:nth-child(3) { width: 36%; }
.every-fact { font-size: 0.95rem; }
.every-fact tbody th { font-weight: 400; }
.every-fact td { width: 36%; }
.every-fact strong { font-weight: 600; }
.every-fact .one + .one::before { content: " · "; color: var(--soft); }
.unanswered { columns: 2; column-gap: 2rem; font-size: 0.95rem; color: var(--soft); margin: 0.4rem 0; }
.unanswered li { break-inside: avoid; }
.signatures { table-layout: fixed; }
.signatures td { padding-left: 0.4rem; }
.signatures thead th:nth-child(5) { width: 14%; }
pre {
  overflow-x: auto; background: var(--sheet); border: 1px solid var(--rule); border-radius: 8px; padding: 0.7rem;
  font: 0.8rem/1.5 ui-monospace, "SF Mono", Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace; margin: 0.4rem 0;
}
.badge { white-space: normal; }
"""

_NARROW = """
@media screen and (max-width: 46rem) {
  body { padding: 1.4rem 1rem 3rem; }
  h2 { margin-top: 2.4rem; font-size: 1.35rem; }
  .two { grid-template-columns: 1fr; }
  .unanswered { columns: 1; }
  .told > div { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, th, td { display: block; }
  tr { border-bottom: 1px solid var(--rule); padding: 0.7rem 0; }
  tbody th, tbody td { border: 0; padding: 0.15rem 0; width: auto; }
  .every-fact td { width: auto; }
  td::before { content: attr(data-label); display: block; font-size: 0.82rem; color: var(--soft); }
  .every-fact td::before { display: none; }
  .signatures tr { border: 0; }
  .signatures td { padding: 0.3rem 0.5rem; border: 1px solid var(--soft); border-bottom-width: 0; }
  .signatures td:last-child { border-bottom-width: 1px; }
}
"""

_PRINT = """
@page { size: A4; margin: 14mm 16mm 16mm; @bottom-right { content: counter(page) " / " counter(pages); font-size: 9pt; } }
@media print {
  html, .box, pre { background: none; }
  html { font-size: 9pt; }
  body { max-width: none; padding: 0; line-height: 1.4; }
  h1 { font-size: 22pt; }
  h2 { font-size: 14pt; margin-top: 0.9rem; }
  h3 { font-size: 11.5pt; margin: 0.9rem 0 0.3rem; }
  h1, h2, h3, thead { break-after: avoid; }
  .clause, .box, .hold, tr, .facts, .badge, .told > div { break-inside: avoid; }
  thead { display: table-header-group; }
  .every-fact th, .every-fact td { padding-top: 0.1rem; padding-bottom: 0.1rem; }
  p, li { orphans: 3; widows: 3; }
  .facts { grid-template-columns: repeat(3, minmax(0, 1fr)); }
  .told > div { grid-template-columns: 11rem minmax(0, 1fr); }
  .badge { border: 1px solid currentColor; background: none; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  .skip { display: none; }
  #signatures { break-inside: avoid; }
  .signatures td { height: 12mm; }
}
"""

STYLE = f"{COLOURS}{TEXT}{BADGES}{TABLES}{_PARTS}{_NARROW}{_PRINT}"
"""The whole style sheet."""
