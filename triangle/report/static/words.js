"use strict";
// Words of the glossary: under the pointer, by keyboard or at a touch, what one means stands beside it. Where no script
// runs, a touch or a key shows it too, in the middle of the screen.
(() => {
  let leaving = 0;
  let asked = null; // the button beside which something is shown
  const opened = () => document.querySelector(".word:popover-open");
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
  for (const button of document.querySelectorAll("button.term")) {
    const word = document.getElementById(button.getAttribute("popovertarget"));
    if (!word.showPopover) return;
    const show = () => {
      clearTimeout(leaving);
      if (word !== opened()) word.showPopover();
      asked = button;
      place(button, word);
    };
    button.addEventListener("click", show);
    button.addEventListener("pointerenter", ({ pointerType }) => { if (pointerType === "mouse") show(); });
    button.addEventListener("pointerleave", ({ pointerType }) => { if (pointerType === "mouse") hide(); });
    button.addEventListener("focus", () => { if (button.matches(":focus-visible")) show(); });
    button.addEventListener("blur", hide);
  }
  for (const word of document.querySelectorAll(".word")) word.addEventListener("pointerleave", hide);
  addEventListener("scroll", () => {
    const word = opened();
    if (!word || !asked) return;
    const { top, bottom } = asked.getBoundingClientRect();
    if (bottom < 0 || top > innerHeight) word.hidePopover();
    else place(asked, word);
  }, { passive: true });
})();
