// Shows a button that copies the text beside it; without it there is no button and the text is selected by hand.
class CopyText extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button");
    if (!navigator.clipboard || !this.button) return;
    this.button.hidden = false;
    this.button.addEventListener("click", () => this.copy());
  }

  async copy() {
    const source = this.hasAttribute("for") ? document.getElementById(this.getAttribute("for")) : this.parentElement.querySelector("code");
    await navigator.clipboard.writeText(source.value ?? source.textContent);
    this.dataset.state = "copied";
    this.button.setAttribute("aria-pressed", "true");
    setTimeout(() => { delete this.dataset.state; this.button.removeAttribute("aria-pressed"); }, 2000);
  }
}

customElements.define("copy-text", CopyText);
