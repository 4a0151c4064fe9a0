"""How the pages look: plain, calm, with room round what matters; on a telephone, by keyboard, on paper, by light and dark.

Invariants: text stands out by 4.5 to 1 or more, and so does the outline of what has the focus; what is touched is 44 pixels
high or more; nothing is fetched, nothing moves.
"""

from infoshare.webpage.style import COLOURS, DECISION

_PAGE = """
* { box-sizing: border-box; }
html { background: var(--sheet); color: var(--ink); -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; font: 1.1875rem/1.5 system-ui, "Segoe UI", "Helvetica Neue", Arial, "Liberation Sans", "DejaVu Sans", sans-serif;
  overflow-wrap: break-word;
}
.width { max-width: 44rem; margin: 0 auto; padding: 0 1rem; }
.bar { background: var(--paper); border-bottom: 4px solid var(--accent); padding: 0.85rem 0; line-height: 1.3; }
.bar a { color: var(--ink); font-weight: 700; text-decoration: none; display: block; padding: 0.2rem 0; }
.bar a:hover { text-decoration: underline; }
.bar .about { display: block; color: var(--soft); font-size: 1rem; }
main { padding: 1.6rem 0 4rem; display: block; }
main:focus { outline: none; }
nav { padding-top: 1rem; }
.back { display: inline-block; padding: 0.55rem 0; font-size: 1rem; color: var(--ink); }
.back::before { content: ""; display: inline-block; width: 0.5em; height: 0.5em; margin-right: 0.5em;
  border: solid currentColor; border-width: 0 0 2px 2px; transform: rotate(45deg); }
h1, h2, h3, h4 { line-height: 1.25; margin: 0 0 0.8rem; text-wrap: balance; }
h1 { font-size: clamp(1.6rem, 1.2rem + 2vw, 2.1rem); }
h2 { font-size: 1.35rem; margin-top: 2rem; }
h3 { font-size: 1.1875rem; margin-top: 1.4rem; margin-bottom: 0.4rem; }
h4, h5 { font-size: 1.0625rem; margin: 1rem 0 0.4rem; }
p, ul { margin: 0 0 1rem; }
ul { padding-left: 1.3rem; }
li { margin: 0 0 0.4rem; }
a { color: var(--accent); text-underline-offset: 0.15em; text-decoration-thickness: max(1px, 0.06em); }
a:hover { text-decoration-thickness: 3px; }
.lead { font-size: 1.25rem; }
.hint { color: var(--soft); margin: 0 0 0.6rem; font-size: 1.0625rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: 1rem; top: -5rem; background: var(--sheet); padding: 0.7rem 1rem; z-index: 1; }
.skip:focus { top: 0.5rem; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 3px; border-radius: 2px; }
"""

_FORMS = """
:root { --focus: #b34700; --line: #5b6472; --wrong: #a11c16; }
@media screen and (prefers-color-scheme: dark) { :root { --focus: #ffb066; --line: #9aa5b4; --wrong: #f7a7a1; } }
form { margin: 0; }
fieldset { border: 0; margin: 0 0 1.5rem; padding: 0; min-width: 0; }
legend { padding: 0; font-weight: 700; max-width: 100%; margin-bottom: 0.6rem; }
legend h1, h1.asked { margin: 0; }
.asked label { font-weight: inherit; margin: 0; }
.field { margin-bottom: 1.5rem; }
.question + .question { border-top: 1px solid var(--rule); padding-top: 1.5rem; margin-top: 1.5rem; }
label { display: block; font-weight: 700; margin-bottom: 0.4rem; }
.wrong { border-left: 5px solid var(--wrong); padding-left: 1rem; }
.wrong > legend { float: left; width: 100%; }
.wrong > legend + * { clear: both; }
.error { color: var(--wrong); font-weight: 700; margin: 0 0 0.6rem; }
input[type=text], input[type=password], input[type=file], textarea {
  font: inherit; color: var(--ink); background: var(--sheet); border: 2px solid var(--line); border-radius: 2px;
  width: 100%; padding: 0.45rem 0.6rem; min-height: 2.75rem;
}
input.short { max-width: 8rem; display: block; }
.wrong input[type=text], .wrong textarea, .wrong input[type=password] { border-color: var(--wrong); }
.date { display: flex; gap: 1rem; flex-wrap: wrap; }
.date label { font-weight: 400; }
.date .day, .date .month { width: 4.2rem; }
.date .year { width: 6rem; }
.option { position: relative; display: flex; align-items: flex-start; margin: 0 0 0.5rem; }
.option input { flex: none; width: 1.6rem; height: 1.6rem; margin: 0.6rem 0 0 0.4rem; accent-color: var(--accent); }
.option label { flex: 1; font-weight: 400; margin: 0; padding: 0.55rem 0.5rem 0.55rem 0.9rem; min-height: 2.75rem; cursor: pointer; }
.option:hover { background: var(--paper); }
.or { margin: 0.3rem 0 0.3rem 0.75rem; color: var(--soft); font-size: 1.0625rem; }
.buttons { display: flex; flex-wrap: wrap; align-items: center; gap: 0.8rem 1rem; margin: 1.8rem 0 1.2rem; }
button, .button {
  font: inherit; font-weight: 600; color: var(--on); background: var(--accent); border: 2px solid var(--accent); border-radius: 4px;
  padding: 0.55rem 1.1rem; min-height: 2.9rem; cursor: pointer; text-decoration: none; display: inline-block; text-align: center;
}
:root { --on: #ffffff; }
@media screen and (prefers-color-scheme: dark) { :root { --on: #10202a; } }
button:hover, .button:hover { filter: brightness(0.9); }
.second { color: var(--accent); background: var(--sheet); }
button.link {
  color: var(--accent); background: none; border: 0; padding: 0.55rem 0.2rem; font-weight: 400; text-decoration: underline;
  text-underline-offset: 0.15em;
}
details { margin: 0 0 0.6rem; }
summary { color: var(--accent); cursor: pointer; padding: 0.55rem 0; min-height: 2.75rem; text-decoration: underline; text-underline-offset: 0.15em; }
details > div { border-left: 4px solid var(--rule); padding: 0.3rem 0 0.1rem 1rem; margin: 0.2rem 0 1rem; }
.errors { border: 4px solid var(--wrong); padding: 1rem 1.2rem 0.4rem; margin-bottom: 2rem; }
.errors h2 { margin: 0 0 0.6rem; }
.errors ul { list-style: none; padding: 0; }
.errors a { color: var(--wrong); font-weight: 700; display: inline-block; padding: 0.3rem 0; }
.inset { border-left: 8px solid var(--accent); background: var(--paper); padding: 1rem 1.1rem 0.2rem; margin: 0 0 2rem; }
.inset h2 { margin: 0 0 0.4rem; font-size: 1.1875rem; }
.keeping { margin-top: 2rem; font-size: 1.0625rem; }
.added { list-style: none; padding: 0; }
.added li { display: flex; justify-content: space-between; align-items: center; gap: 1rem; border-bottom: 1px solid var(--rule); margin: 0; padding: 0.2rem 0; }
.added span { min-width: 0; }
.inset p { margin-bottom: 0.6rem; }
.id ~ form { margin-top: 2rem; }
.list h2 { font-size: 1.1875rem; }
.policies { list-style: none; padding: 0; }
.policies li { border-top: 1px solid var(--rule); padding: 1rem 0 0.4rem; margin: 0; }
.policies a { font-weight: 700; font-size: 1.25rem; display: inline-block; padding: 0.3rem 0; }
.next { list-style: none; padding: 0; }
.next li { margin: 0 0 0.9rem; }
.given, .in-full { border-top: 1px solid var(--rule); margin: 0; padding: 0.3rem 0; }
.id { overflow-wrap: anywhere; }
h1.infoshare-answer { font-size: clamp(1.45rem, 1.1rem + 1.8vw, 1.9rem); margin-top: 0; }
.infoshare-decision h2 { border-top: 1px solid var(--rule); padding-top: 1.2rem; margin: 1.5rem 0 0.6rem; }
.infoshare-sharing:first-of-type h2, .infoshare-rows h2 { border-top: 0; padding-top: 0; }
"""

_PRINT = """
@media (max-width: 30rem) {
  .buttons { flex-direction: column; align-items: stretch; }
  .buttons button, .buttons .button { width: 100%; }
}
@media print {
  body { font-size: 11pt; }
  .bar { border-bottom-width: 2px; background: none; }
  .back, .skip, .screen, .keeping, nav, form, .in-full { display: none; }
  .width { max-width: none; padding: 0; }
  main { padding: 0.5rem 0; }
  details > summary { display: none; }
  h1.infoshare-answer { font-size: 16pt; }
  h2 { font-size: 13pt; break-after: avoid; }
  li, p { break-inside: avoid; orphans: 3; widows: 3; }
}
"""

STYLE = f"{COLOURS}{_PAGE}{_FORMS}{DECISION}{_PRINT}"
"""The whole style sheet."""
