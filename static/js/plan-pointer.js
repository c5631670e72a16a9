// Opens cells, menus and folds of the plan's table by clicks and taps; without it these are links to pages.
import { fold } from "./plan-cells.js";
import { formOf, open, save } from "./plan-editor.js";
import { cellOf } from "./plan-keys.js";
import { add, menu } from "./plan-rows.js";

export function click(grid, event) {
  const { target } = event;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return; // a link to another tab
  const found = PLACES.find(([place]) => target.closest(place));
  if (found) {
    if (found[1](grid, target.closest(found[0])) !== false) event.preventDefault();
    return;
  }
  const cell = cellOf(target);
  if (!cell || formOf(target) || !cell.querySelector("a.cell")) return;
  event.preventDefault();
  open(grid, cell);
}

function addAt(grid, link) {
  const popover = link.closest("#row-menu");
  popover?.hidePopover();
  add(grid, popover?.row ?? null, link.dataset.add);
}

function keepTheirs(grid, button) {
  const form = formOf(button);
  form.elements.value.value = form.elements.before.value;
  save(grid, form, { even: true });
}

const PLACES = [
  ["[data-add]", addAt],
  [".twist", (grid, button) => fold(grid, button.closest("tr"))],
  ["a.row-menu", menu],
  ["[data-theirs]", keepTheirs],
  ["[data-close]", (_grid, link) => link.closest("dialog").close()],
  [".to-figures, #row-menu, dialog", () => false],
];
