// Makes the plan's table a grid written in place by keyboard and pointer; without it each cell and row is a link to a form.
import { apply } from "./plan-answers.js";
import { cellAt, dress, rows, stand } from "./plan-cells.js";
import { copy, decide, paste } from "./plan-clipboard.js";
import { formOf, save } from "./plan-editor.js";
import { press, pressAnywhere, type } from "./plan-keys.js";
import { click } from "./plan-pointer.js";
import { act, undo } from "./plan-rows.js";

const HEARD = { keydown: press, keypress: type, click, paste, focusin: enter, focusout: leave, submit };

class PlanGrid extends HTMLElement {
  connectedCallback() {
    this.keys = JSON.parse(document.getElementById("plan-hotkeys").textContent);
    this.folded = new Set();
    for (const [name, heard] of Object.entries(HEARD)) this.addEventListener(name, (event) => heard(this, event));
    this.addEventListener("copy", copy);
    document.addEventListener("keydown", (event) => pressAnywhere(this, event));
    document.addEventListener("paste", (event) => event.target === document.body && paste(this, event));
    document.addEventListener("submit", (event) => event.target.id === "plan-history" && submit(this, event));
    dress(this);
    stand(this, cellAt(rows(this)[0], "name"), { focus: false });
  }

  apply(content, finished) {
    apply(this, content, finished);
  }

  say(text) {
    const said = Object.assign(document.createElement("p"), { className: "message tone-bad", textContent: text });
    document.getElementById("messages").replaceChildren(said);
  }
}

function enter(grid, event) {
  const cell = event.target.closest("tbody [data-col]");
  if (cell && cell.tabIndex && !event.target.closest(".new-row")) stand(grid, cell, { focus: false });
}

// What was typed is saved when the writer goes elsewhere, as in every spreadsheet.
function leave(grid, event) {
  const form = formOf(event.target);
  if (!form || grid.replacing || form.contains(event.relatedTarget) || "fault" in form.dataset) return;
  if (document.hasFocus()) save(grid, form);
}

function submit(grid, event) {
  const { target: form, submitter } = event;
  const popover = form.closest("#row-menu");
  const does = {
    cell: form.matches(".cell-form") && (() => save(grid, form, { even: true })),
    history: form.id === "plan-history" && (() => undo(grid, submitter.value)),
    paste: form.closest("#plan-paste") && (() => decide(grid, form, submitter)),
    row: popover && (() => act(grid, popover.row, submitter.value, popover.hidePopover())),
  };
  const found = Object.values(does).find(Boolean);
  if (!found) return;
  event.preventDefault();
  found();
}

customElements.define("plan-grid", PlanGrid);
