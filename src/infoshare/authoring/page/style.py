"""How the page looks: wide and narrow, on a screen and on paper; colours and text as every page has them (`webpage.style`).

Invariants: text stands out from what is behind it by 4.5 to 1 or more; nothing is told by colour alone; nothing
is fetched. Deliberately not here: any text of a policy.
"""

from infoshare.webpage.style import BADGES, COLOURS, TABLES, TEXT

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
.vocabulary { table-layout: fixed; font-size: 0.95rem; }
.vocabulary th:first-child { width: 42%; }
.coverage td { width: 14rem; font-weight: 600; }
"""

_GRID = """
.wide { overflow-x: auto; }
.grid { border-collapse: collapse; }
.grid th, .grid td { border-bottom: 1px solid var(--rule); padding: 0.3rem 0.4rem; vertical-align: top; text-align: left; }
.grid thead th { vertical-align: bottom; }
.grid th p { margin: 0.15rem 0; min-width: 16rem; font-weight: 400; }
.grid td { text-align: center; font-weight: 700; border-left: 1px solid var(--rule); }
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
  html, .clause, .scenario, pre { background: none; }
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
  #acting { break-before: page; }
  .wide { overflow: visible; }
  #vocabulary, #scenarios { break-before: page; }
  #signatures { break-inside: avoid; }
  .signatures td { height: 15mm; }
}
"""

STYLE = f"{COLOURS}{TEXT}{BADGES}{TABLES}{_CLAUSES}{_SCENARIOS}{_TABLES}{_GRID}{_NARROW}{_PRINT}"
"""The whole style sheet."""
