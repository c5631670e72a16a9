// Knows the plan's table as a grid: its cells, the focus, what is folded; without it the table is one of links.
export const rows = (grid) => [...grid.querySelectorAll("tbody tr:not([hidden], .folded, .new-row)")];
export const cells = (row) => [...row.querySelectorAll(":scope > [data-col]")];
export const shown = (row) => cells(row).filter((cell) => cell.checkVisibility()); // a narrow window leaves some out
export const cellAt = (row, col) => row?.querySelector(`:scope > [data-col="${col}"]`) ?? (row && cells(row)[0]);
const hold = (element, facts) => Object.entries(facts).forEach(([name, value]) => element.setAttribute(name, value));

// Makes the plain table a treegrid for screen readers; as it comes from the server it is a table of links.
export function dress(grid) {
  const table = grid.querySelector("table.plan");
  if (!table) return;
  const columns = table.tHead.rows[0].cells.length;
  hold(table, { role: "treegrid", "aria-colcount": columns, "aria-rowcount": table.rows.length });
  for (const group of [table.tHead, ...table.tBodies]) group.setAttribute("role", "rowgroup");
  hold(table.tHead.rows[0], { role: "row", "aria-rowindex": 1 });
  [...table.tHead.rows[0].cells].forEach((cell, place) => hold(cell, { role: "columnheader", "aria-colindex": place + 1 }));
  [...table.tBodies[0].rows].forEach((row, place) => dressRow(row, place + 2));
}

export function dressRow(row, index) {
  hold(row, { role: "row", "aria-rowindex": index, "aria-level": row.dataset.level });
  if ("folds" in row.dataset) row.setAttribute("aria-expanded", "true");
  let column = 1;
  cells(row).forEach((cell, place) => {
    hold(cell, { role: place ? "gridcell" : "rowheader", "aria-colindex": column, tabindex: -1 });
    column += cell.colSpan;
    if (!cell.querySelector("a.cell, a.row-menu")) cell.setAttribute("aria-readonly", "true");
    for (const link of cell.querySelectorAll("a")) link.tabIndex = -1;
  });
}

// Only the current cell is in the tab order: the table is one stop on the way through the page.
export function stand(grid, cell, { focus = true, col = cell?.dataset.col } = {}) {
  if (!cell) return;
  grid.querySelector('tbody [tabindex="0"]')?.setAttribute("tabindex", "-1");
  cell.tabIndex = 0;
  grid.current = { row: cell.closest("tr").id, col }; // the column that was gone down in, also past rows without it
  if (focus) cell.focus();
}

const ALONG = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };
const ACROSS = { ArrowUp: -1, ArrowDown: 1, "Ctrl+Home": -Infinity, "Ctrl+End": Infinity };
const kept = (place, list) => list[Math.min(Math.max(place, 0), list.length - 1)];

export function go(grid, cell, key) {
  const row = cell.closest("tr");
  if (key in ALONG) return stand(grid, kept(shown(row).indexOf(cell) + ALONG[key], shown(row)));
  const next = kept(rows(grid).indexOf(row) + ACROSS[key], rows(grid));
  stand(grid, cellAt(next, grid.current.col), { col: grid.current.col });
}

export function fold(grid, row, folded = row.getAttribute("aria-expanded") === "true") {
  if (!row.hasAttribute("aria-expanded")) return;
  grid.folded[folded ? "add" : "delete"](row.id);
  refold(grid);
}

export function refold(grid) {
  let below = Infinity; // rows deeper than this stand under a folded one
  for (const row of grid.querySelectorAll("tbody tr[data-level]")) {
    const level = Number(row.dataset.level);
    if (level <= below) below = Infinity;
    row.classList.toggle("folded", level > below);
    if (!row.hasAttribute("aria-expanded")) continue;
    row.setAttribute("aria-expanded", String(!grid.folded.has(row.id)));
    if (grid.folded.has(row.id)) below = Math.min(below, level);
  }
}
