"use strict";
// Words of the glossary: under the pointer, by keyboard or at a touch, what one means stands beside it. Where no script
// runs, a touch or a key shows it too, in the middle of the screen.
(() => {
  if (!HTMLElement.prototype.showPopover) return;
  let leaving = 0;
  let asked = null; // the button beside which something is shown
  const opened = () => document.querySelector(".word:popover-open");
  const buttonAt = (target) => target.closest?.("button.term, button[data-word]");
  const place = (button, word) => {
    const [at, edge] = [button.getBoundingClientRect(), 8];
    const [wide, high] = [word.offsetWidth, word.offsetHeight];
    const below = at.bottom + high + edge <= innerHeight;
    Object.assign(word.style, {
      inset: "auto", margin: "0",
      left: `${Math.max(edge, Math.min(at.left, document.documentElement.clientWidth - wide - edge))}px`,
      top: `${below ? at.bottom + edge / 2 : Math.max(edge, at.top - high - edge / 2)}px`,
    });
  };
  const hide = () => {
    clearTimeout(leaving);
    leaving = setTimeout(() => { const word = opened(); if (word && !word.matches(":hover")) word.hidePopover(); }, 200);
  };
  const show = (button) => {
    const word = document.getElementById(button.dataset.word ?? button.getAttribute("popovertarget"));
    clearTimeout(leaving);
    if (word !== opened()) word.showPopover();
    asked = button;
    place(button, word);
  };
  // Asked of the page as a whole: the explorer puts words into it and takes them out again.
  const when = (name, act) => document.addEventListener(name, (event) => { const button = buttonAt(event.target); if (button) act(button, event); });
  when("click", show);
  when("pointerover", (button, { pointerType }) => { if (pointerType === "mouse") show(button); });
  when("pointerout", (button, { pointerType, relatedTarget }) => { if (pointerType === "mouse" && !button.contains(relatedTarget)) hide(); });
  when("focusin", (button) => { if (button.matches(":focus-visible")) show(button); });
  when("focusout", hide);
  for (const word of document.querySelectorAll(".word")) word.addEventListener("pointerleave", hide);
  addEventListener("scroll", () => {
    const word = opened();
    if (!word || !asked) return;
    const { top, bottom } = asked.getBoundingClientRect();
    if (bottom < 0 || top > innerHeight) word.hidePopover();
    else place(asked, word);
  }, { passive: true });
})();
