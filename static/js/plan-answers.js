// Puts an answer into the plan's page and keeps what is being written and the focus; without it a page follows each form.
import { replace } from "./plan-acts.js";
import { cellAt, dress, dressRow, refold, rows, stand } from "./plan-cells.js";
import { place } from "./plan-editor.js";

export function apply(grid, content, finished) {
  const open = [...grid.querySelectorAll("tbody .cell-form")].filter((form) => form !== finished);
  const places = open.map((form) => [form, form.closest("tr"), form.closest("[data-col]").dataset.col]);
  const writing = open.find((form) => form.contains(document.activeElement)) && document.activeElement;
  const single = content.querySelector("table:not(.plan) tr")?.id;
  const index = single && document.getElementById(single)?.getAttribute("aria-rowindex");
  const wanted = content.querySelector("[data-focus]")?.dataset.focus;
  grid.replacing = true; // what leaves the page with its row is not left by its writer
  replace(content);
  grid.replacing = false;
  if (index) dressRow(document.getElementById(single), index);
  else dress(grid);
  for (const [form, row, col] of places) putBack(grid, form, row, col);
  refold(grid);
  refocus(grid, writing, wanted);
}

function putBack(grid, form, row, col) {
  if (form.isConnected) return;
  const fresh = document.getElementById(row.id || form.elements.at.value);
  if (!fresh) grid.querySelector("tbody")?.append(row); // somebody took its row out: the text is still there to copy
  else if (row.id) place(cellAt(fresh, col), form);
  else fresh.after(row);
}

function refocus(grid, writing, wanted) {
  if (writing) return writing.focus();
  const lost = document.activeElement === document.body || grid.contains(document.activeElement);
  const row = document.getElementById(wanted || grid.current?.row) ?? rows(grid)[0];
  const col = wanted && wanted !== grid.current?.row ? "name" : grid.current?.col;
  stand(grid, cellAt(row, col), { focus: lost || Boolean(wanted) });
}
