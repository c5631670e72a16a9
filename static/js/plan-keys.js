// Reads keys on the plan's table as acts, by goals/hotkeys.py; without it Tab and Enter follow links.
import { formOf, open } from "./plan-editor.js";
import { READING } from "./plan-reading.js";
import { walk } from "./plan-rows.js";
import { WRITING } from "./plan-writing.js";

export const cellOf = (element) => element.closest?.("tbody [data-col]");

export function combination(event) {
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const held = [];
  if (event.ctrlKey || event.metaKey) held.push("Ctrl");
  if (event.altKey) held.push("Alt");
  if (event.shiftKey && (key.length > 1 || /\p{L}/u.test(key))) held.push("Shift"); // "?" needs Shift on most keyboards
  return [...held, key].join("+");
}

export function press(grid, event) {
  const keys = combination(event);
  const popover = event.target.closest?.("#row-menu");
  if (popover && ["ArrowUp", "ArrowDown"].includes(keys)) {
    event.preventDefault();
    walk(popover, keys);
    return;
  }
  const form = formOf(event.target);
  const cell = cellOf(event.target);
  const name = grid.keys[keys];
  if (!name || !cell || event.isComposing) return;
  // An act gives true where it did something with the key; otherwise the browser has it.
  if ((form ? WRITING : READING)[name]?.(grid, cell, keys, form)) event.preventDefault();
}

// Undo and help work from anywhere on the page where nothing is being written.
export function pressAnywhere(grid, event) {
  const name = grid.keys[combination(event)];
  if (event.target !== document.body || !["undo", "redo", "help"].includes(name)) return;
  if (READING[name](grid)) event.preventDefault();
}

// A letter begins to write the cell anew, as in every spreadsheet.
export function type(grid, event) {
  const cell = cellOf(event.target);
  if (!cell || formOf(event.target) || event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return;
  if (grid.keys[event.key] || !cell.querySelector("a.cell")) return;
  event.preventDefault();
  open(grid, cell, event.key);
}
