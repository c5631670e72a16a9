// Does what keys ask while no cell is written: go, fold, move, add, undo; without it a row's page has these as buttons.
import { fold, go, shown, stand } from "./plan-cells.js";
import { open, save } from "./plan-editor.js";
import { act, add, kindOf, menu, undo } from "./plan-rows.js";

const rowOf = (cell) => cell.closest("tr");
const moves = (name) => (grid, cell) => {
  act(grid, rowOf(cell), name);
  return true;
};

function move(grid, cell, keys) {
  const folds = cell.dataset.col === "name" && { ArrowLeft: "true", ArrowRight: "false" }[keys];
  if (folds && rowOf(cell).getAttribute("aria-expanded") === folds) fold(grid, rowOf(cell));
  else go(grid, cell, keys);
  return true;
}

// Tab goes through the row and then on into the page, so that the table is no trap.
function aside(grid, cell, keys) {
  const own = shown(rowOf(cell));
  const next = own[own.indexOf(cell) + (keys === "Tab" ? 1 : -1)];
  if (next) stand(grid, next);
  return Boolean(next);
}

function edit(grid, cell) {
  if (cell.dataset.col === "menu") return showMenu(grid, cell);
  open(grid, cell);
  return true;
}

function showMenu(grid, cell) {
  const link = rowOf(cell).querySelector("a.row-menu");
  if (link) menu(grid, link);
  return Boolean(link);
}

function remove(grid, cell) {
  if (cell.dataset.col === "name") return moves("remove")(grid, cell);
  if (!cell.querySelector("a.cell")) return false;
  open(grid, cell, "");
  const form = cell.querySelector(".cell-form");
  form.elements.value.value = "";
  save(grid, form);
  stand(grid, cell);
  return true;
}

function help() {
  document.getElementById("plan-keys").showModal();
  return true;
}

const takesBack = (name) => (grid) => {
  undo(grid, name);
  return true;
};

function below(grid, cell) {
  add(grid, rowOf(cell), kindOf(rowOf(cell)));
  return true;
}

export const READING = {
  move, ends: move, edit, next: aside, add: below, remove, menu: showMenu, help,
  in: moves("in"), out: moves("out"), up: moves("up"), down: moves("down"), undo: takesBack("undo"), redo: takesBack("redo"),
};
