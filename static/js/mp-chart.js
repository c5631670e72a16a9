// Draws the Vega-Lite spec in its script child, in the colours of the page; without it the table under the chart stands open.
const dark = matchMedia("(prefers-color-scheme: dark)");

class MpChart extends HTMLElement {
  connectedCallback() {
    this.spec = JSON.parse(this.querySelector("script").textContent);
    // Charts far down the page wait: the library is 300 kB, the figures above it are not.
    this.watch = new IntersectionObserver(([entry]) => entry.isIntersecting && this.begin(), { rootMargin: "400px" });
    this.watch.observe(this);
  }

  disconnectedCallback() {
    this.watch.disconnect();
    this.sizes?.disconnect();
    dark.removeEventListener("change", this.redraw);
    this.drawn?.finalize();
  }

  async begin() {
    this.watch.disconnect();
    this.redraw = () => this.draw();
    dark.addEventListener("change", this.redraw);
    this.sizes = new ResizeObserver(() => this.clientWidth !== this.width && this.drawn && this.draw());
    try {
      await this.draw();
      this.dataset.state = "drawn";
      const table = this.parentElement.querySelector("details.chart-table");
      if (table && !table.contains(document.activeElement)) table.open = false; // not under somebody who reads it
      this.sizes.observe(this);
    } catch (error) {
      this.dataset.state = "failed"; // the table stays open and says the same
      console.error(error);
    }
  }

  async draw() {
    const { vegaEmbed } = await import(this.dataset.library);
    this.drawn?.finalize();
    this.width = this.clientWidth;
    this.box ??= this.appendChild(Object.assign(document.createElement("div"), { className: "drawing" }));
    const options = { actions: false, ast: true, defaultStyle: false, renderer: "canvas", tooltip: this.tip.bind(this) };
    this.drawn = await vegaEmbed(this.box, this.coloured(this.fitted(), getComputedStyle(this)), options);
    const canvas = this.box.querySelector("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", this.dataset.label);
  }

  // A phone has no room beside the lines: the spec's `narrow` takes their names out, and the key of the page shows.
  fitted() {
    if (this.width >= 560 || !this.spec.params) return this.spec;
    return { ...this.spec, params: [{ name: "narrow", value: true }] };
  }

  // Every "var(--token)" of the spec becomes what the page has there now.
  coloured(part, style) {
    if (typeof part === "string") return part.startsWith("var(--") ? style.getPropertyValue(part.slice(4, -1)).trim() : part;
    if (Array.isArray(part)) return part.map((each) => this.coloured(each, style));
    if (!part || typeof part !== "object") return part;
    return Object.fromEntries(Object.entries(part).map(([key, each]) => [key, this.coloured(each, style)]));
  }

  tip(_handler, event, _item, value) {
    this.bubble?.remove();
    if (!value) return;
    this.bubble = this.appendChild(Object.assign(document.createElement("div"), { className: "chart-tip" }));
    const list = this.bubble.appendChild(document.createElement("dl"));
    for (const [name, text] of Object.entries(value)) {
      list.append(Object.assign(document.createElement("dt"), { textContent: name }), Object.assign(document.createElement("dd"), { textContent: text }));
    }
    const here = this.getBoundingClientRect();
    const left = Math.min(event.clientX - here.left + 14, this.clientWidth - this.bubble.offsetWidth);
    this.bubble.style.translate = `${Math.max(0, left)}px ${event.clientY - here.top + 14}px`;
  }
}

customElements.define("mp-chart", MpChart);
