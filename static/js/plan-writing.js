// Does what keys ask while a cell is written: save and go on, cancel, add below; without it a form's buttons do.
import { cellAt, go, rows, stand } from "./plan-cells.js";
import { close, save } from "./plan-editor.js";
import { add, kindOf } from "./plan-rows.js";

function leave(grid, cell, form, keys) {
  save(grid, form);
  if (!form.closest(".new-row")) go(grid, cell, keys); // a new row is gone to when it has come
  return true;
}

const down = (grid, cell, _keys, form) => leave(grid, cell, form, "ArrowDown");
const aside = (grid, cell, keys, form) => leave(grid, cell, form, keys === "Tab" ? "ArrowRight" : "ArrowLeft");

function cancel(grid, cell, _keys, form) {
  const back = form.closest(".new-row") ? cellAt(document.getElementById(grid.current?.row) ?? rows(grid)[0], "name") : cell;
  close(form);
  stand(grid, back);
  return true;
}

async function more(grid, form) {
  await save(grid, form);
  const row = document.getElementById(grid.current?.row);
  if (row && !form.isConnected) add(grid, row, kindOf(row));
}

export const WRITING = {
  edit: down, next: aside, cancel,
  add: (grid, _cell, _keys, form) => {
    more(grid, form);
    return true;
  },
};
