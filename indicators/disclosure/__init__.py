"""Disclosure control: what is hidden before figures are published, so that no small number can be worked out again.

    figure_cells (primary) -> tables (cells) -> protect (secondary) -> audit (audit)

A `Policy` says what is small. A published table is cells with what everybody knows between them (`cells`): sums,
margins, windows of time, complements, and what earlier packs have shown. `protect` chooses what else to hide, or
refuses and names the choices; `audit` plays the attacker. `rounding` is the other way, `free_text` reads what people
wrote.

Nothing here knows the database or the clock. scipy loads inside the functions that need it: `protect`, `audit` and
`rounded` belong in a bounded child (`job`), never in a web process.
"""
