"use strict";
(() => {
  const labels = JSON.parse(document.getElementById("labels").textContent);

  // Tables: every head of a column becomes a button that sorts by it.
  const key = (row, column) => {
    const cell = row.cells[column];
    return "order" in cell.dataset ? Number(cell.dataset.order) : cell.textContent.trim().toLocaleLowerCase();
  };
  const compare = (a, b) => typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
  const buttons = [];
  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.title = labels.sort;
      // A word of the glossary in a head is explained by the button that sorts: a button holds no other.
      const word = head.querySelector(".term");
      if (word) {
        button.dataset.word = word.getAttribute("popovertarget");
        button.setAttribute("aria-describedby", button.dataset.word);
        button.removeAttribute("title");
        head.querySelectorAll(".term").forEach((one) => one.replaceWith(...one.childNodes));
        head.normalize();
      }
      button.append(...head.childNodes);
      head.append(button);
      buttons.push([head, button]);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const rows = [...table.tBodies[0].rows];
        rows.sort((a, b) => (down ? -1 : 1) * compare(key(a, column), key(b, column)));
        table.tBodies[0].append(...rows);
      });
    });
  }

  // What is folded away is printed all the same. Heads with buttons in them are not repeated on the next page.
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details.more:not([open])")];
    opened.forEach((one) => { one.open = true; });
    buttons.forEach(([head, button]) => head.replaceChildren(...button.childNodes));
  });
  window.addEventListener("afterprint", () => {
    opened.forEach((one) => { one.open = false; });
    buttons.forEach(([head, button]) => { button.append(...head.childNodes); head.append(button); });
  });

  // A link to something folded away, or to a row of a table, opens what it stands in.
  const named = (hash) => { try { return decodeURIComponent(hash.slice(1)); } catch { return hash.slice(1); } };
  const reveal = () => {
    const target = location.hash && document.getElementById(named(location.hash));
    for (let place = target && target.parentElement; place; place = place.parentElement) {
      if (place.tagName === "DETAILS") place.open = true;
    }
  };
  window.addEventListener("hashchange", reveal);
  reveal();
})();
