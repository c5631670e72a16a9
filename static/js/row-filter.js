// Hides the table rows that do not hold what is typed; without it the field is hidden and all rows stand.
class RowFilter extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input[type=search]");
    this.hidden = false;
    this.field.addEventListener("input", () => this.filter());
  }

  filter() {
    const words = this.field.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const rows = document.getElementById(this.getAttribute("for")).querySelectorAll("tbody tr:not(.group)");
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLocaleLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) shown += 1;
    }
    const said = this.querySelector("output");
    if (said) said.textContent = words.length ? `${shown} / ${rows.length}` : "";
  }
}

customElements.define("row-filter", RowFilter);
