"use strict";
// A long table begins with a field: only rows that hold all of its words are left, and how many they are is said.
addEventListener("DOMContentLoaded", () => {
  const LONG = 15;
  document.querySelectorAll("article table.docutils").forEach((table, number) => {
    const rows = [...(table.tBodies[0]?.rows ?? [])];
    if (rows.length < LONG) return;
    const texts = rows.map((row) => row.textContent.toLowerCase());
    const [box, label, field, said] = ["div", "label", "input", "span"].map((name) => document.createElement(name));
    box.className = "filter";
    field.type = "search";
    field.id = `filter-${number}`;
    label.htmlFor = field.id;
    label.textContent = "Only rows with";
    said.setAttribute("role", "status");
    field.addEventListener("input", () => {
      const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      const kept = rows.filter((row, k) => !(row.hidden = !words.every((word) => texts[k].includes(word))));
      said.textContent = words.length ? `${kept.length} of ${rows.length}` : "";
    });
    box.append(label, field, said);
    (table.closest(".table-wrapper") ?? table).before(box);
  });
});
