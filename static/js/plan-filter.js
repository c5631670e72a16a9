// Hides the plan's rows that do not hold what is typed, and keeps what they stand under; without it the field is hidden.
class PlanFilter extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input");
    this.hidden = false;
    this.field.addEventListener("input", () => this.filter());
    new MutationObserver(() => this.filter()).observe(document.getElementById(this.getAttribute("for")).parentElement, { childList: true });
  }

  filter() {
    const words = this.field.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const rows = [...document.querySelectorAll(`#${this.getAttribute("for")} tbody tr[data-level]`)];
    const above = [];
    let shown = 0;
    for (const row of rows) {
      const level = Number(row.dataset.level);
      above.length = level - 1;
      const text = row.textContent.toLocaleLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) for (const each of above.filter(Boolean)) each.hidden = false;
      if (!row.hidden) shown += 1;
      above[level - 1] = row;
    }
    this.querySelector("output").textContent = words.length ? `${shown} / ${rows.length}` : "";
  }
}

customElements.define("plan-filter", PlanFilter);
