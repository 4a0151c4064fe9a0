"""A page on which a policy is written, tried and read, and which sends nothing anywhere: the playground.

`folder` makes the files of it; `session` is what runs behind them, in the browser, by Pyodide. The page itself is
`page` and the scripts in `static`, of which `codemirror.js` is made by `playground/` at the top of the repository.
Deliberately not here: what a policy means, and what is said of a text that is being written (`infoshare.editor`).
"""
