// Copies a cell, and shows what rows copied from a spreadsheet would become; without it a page with a text field does.
import { send, Unsent } from "./plan-acts.js";
import { formOf, open } from "./plan-editor.js";
import { cellOf } from "./plan-keys.js";

export function copy(event) {
  const cell = cellOf(event.target);
  if (!cell || formOf(event.target) || !getSelection().isCollapsed) return;
  const link = cell.querySelector(".cell, .cell-text");
  event.clipboardData.setData("text/plain", link?.dataset.typed ?? cell.textContent.trim());
  event.preventDefault();
}

export async function paste(grid, event) {
  const text = event.clipboardData.getData("text/plain");
  const isBlock = /\t|\n./.test(text.trim());
  const cell = cellOf(event.target);
  if (!isBlock && cell && !formOf(event.target) && text.trim() && cell.querySelector("a.cell")) {
    event.preventDefault();
    return open(grid, cell, text.trim());
  }
  if (!isBlock || (formOf(event.target) && !text.includes("\t")) || event.target.closest?.("dialog")) return;
  event.preventDefault();
  await show(grid, { text, at: grid.current?.row ?? "" });
}

async function show(grid, fields) {
  const dialog = document.getElementById("plan-paste");
  try {
    const { content } = await send(grid, `${grid.dataset.base}paste/`, fields);
    const form = content.querySelector("form.paste");
    if (!form) {
      dialog.close();
      return grid.apply(content);
    }
    dialog.replaceChildren(form);
  } catch (error) {
    if (!(error instanceof Unsent)) throw error;
    dialog.close();
    return grid.say(error.message);
  }
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("[autofocus], button")?.focus();
}

// The form of the preview: its columns matched anew, or its rows written.
export function decide(grid, form, button) {
  form.setAttribute("aria-busy", "true");
  const fields = [...new FormData(form, button)]; // one column for each of theirs, so no object
  return show(grid, fields);
}
