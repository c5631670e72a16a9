// Moves among the cards by arrow keys, up and down in a lane and left and right between lanes; without it Tab does.
const STEPS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

class LaneKeys extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", (event) => this.move(event));
  }

  move(event) {
    const step = STEPS[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const lanes = [...this.querySelectorAll(".lane")].map((lane) => [...lane.querySelectorAll("h3 > a")]);
    const filled = lanes.filter((cards) => cards.length && cards[0].offsetParent);
    const at = filled.findIndex((cards) => cards.includes(document.activeElement));
    if (at < 0) return;
    const [sideways, down] = step;
    const place = filled[at].indexOf(document.activeElement) + down;
    const lane = filled[at + sideways];
    const card = lane && lane[sideways ? Math.min(place, lane.length - 1) : place];
    if (!card) return;
    event.preventDefault();
    card.focus();
  }
}

customElements.define("lane-keys", LaneKeys);
