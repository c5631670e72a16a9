// Closes an open menu on Escape, on a click on its links or elsewhere, and when the focus leaves; without it the menu closes by its own button.
class PopMenu extends HTMLElement {
  connectedCallback() {
    this.details = this.querySelector("details");
    this.outside = (event) => { if (!this.contains(event.target)) this.details.open = false; };
    document.addEventListener("click", this.outside);
    this.addEventListener("focusout", this.leave);
    this.addEventListener("keydown", this.escape);
    this.addEventListener("click", this.follow);
  }

  disconnectedCallback() {
    document.removeEventListener("click", this.outside);
  }

  leave(event) {
    // No related target: the window lost the focus, or a click fell on something that takes none.
    if (event.relatedTarget && !this.contains(event.relatedTarget)) this.details.open = false;
  }

  escape(event) {
    if (event.key !== "Escape" || !this.details.open) return;
    event.stopPropagation(); // a menu around it stays open until the next Escape
    this.close();
  }

  follow(event) {
    if (event.target.closest("a")) this.close();
  }

  close() {
    this.details.open = false;
    this.details.querySelector("summary").focus();
  }
}

customElements.define("pop-menu", PopMenu);
