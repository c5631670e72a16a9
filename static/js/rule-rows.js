// Adds and removes rows of a formset from its <template>; without it the page sends as many empty rows as the form has extra.
class RuleRows extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.press);
    for (const button of this.querySelectorAll("[data-add], [data-remove]")) button.hidden = false;
  }

  press(event) {
    const button = event.target.closest("[data-add], [data-remove]");
    if (!button) return;
    event.preventDefault();
    if (button.hasAttribute("data-add")) this.add();
    else this.remove(button.closest("[data-row]"));
    // Whoever listens to the form (the live preview) hears of it like of any other input.
    this.dispatchEvent(new Event("change", { bubbles: true }));
  }

  get total() {
    return this.querySelector('input[name$="-TOTAL_FORMS"]');
  }

  add() {
    const row = this.querySelector("template").content.cloneNode(true);
    const place = this.total.value;
    for (const part of row.querySelectorAll("*")) {
      for (const { name, value } of [...part.attributes]) {
        if (value.includes("__prefix__")) part.setAttribute(name, value.replaceAll("__prefix__", place));
      }
    }
    this.total.value = Number(place) + 1;
    for (const button of row.querySelectorAll("[data-remove]")) button.hidden = false;
    const first = row.querySelector("input, select");
    this.querySelector("[data-rows]").append(row);
    first?.focus();
  }

  // A row that the server knows is marked for deletion; a new one is emptied, which a formset reads as absent.
  remove(row) {
    const mark = row.querySelector('input[name$="-DELETE"]');
    if (mark) mark.checked = true;
    else for (const field of row.querySelectorAll("input, select, textarea")) field.value = "";
    row.hidden = true;
    this.querySelector("[data-add]")?.focus();
  }
}

customElements.define("rule-rows", RuleRows);
