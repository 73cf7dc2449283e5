"use strict";
(() => {
  const labels = JSON.parse(document.getElementById("labels").textContent);

  // Tables: every head of a column becomes a button that sorts by it.
  const key = (row, column) => {
    const cell = row.cells[column];
    return "order" in cell.dataset ? Number(cell.dataset.order) : cell.textContent.trim().toLocaleLowerCase();
  };
  const compare = (a, b) => typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.title = labels.sort;
      button.append(...head.childNodes);
      head.append(button);
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

  // What is folded away is printed all the same.
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details.more:not([open])")];
    opened.forEach((one) => { one.open = true; });
  });
  window.addEventListener("afterprint", () => opened.forEach((one) => { one.open = false; }));

  // A link to something folded away, or to a row of a table, opens what it stands in.
  const reveal = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let place = target && target.parentElement; place; place = place.parentElement) {
      if (place.tagName === "DETAILS") place.open = true;
    }
  };
  window.addEventListener("hashchange", reveal);
  reveal();

  // The explorer: solved games are looked up at the positions of the sliders.
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const SVG = "http://www.w3.org/2000/svg";
  const element = (name, attributes, text) => {
    const made = document.createElementNS(SVG, name);
    for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
    if (text !== undefined) made.textContent = text;
    return made;
  };

  const explore = (root, { data, labels: words }) => {
    const sliders = [...root.querySelectorAll("input[type=range]")];
    const outputs = [...root.querySelectorAll("output")];
    const [scenario, across, upwards] = root.querySelectorAll("select");
    const drawing = root.querySelector("template").content.querySelector("svg");
    const shown = new Intl.NumberFormat(data.language, { maximumSignificantDigits: 5 });
    const worlds = data.scenarios.map((world) => {
      const raw = bytes(world.games);
      const sets = bytes(world.sets);
      const view = new DataView(sets.buffer);
      return {
        ...world,
        games: world.bytes === 1 ? raw : new Uint16Array(raw.buffer),
        sets: Array.from({ length: sets.length / 8 }, (_, i) => view.getBigUint64(8 * i, true)),
      };
    });
    const world = () => worlds[Number(scenario.value)];
    const position = () => sliders.map((slider) => Number(slider.value));
    const maskAt = (here, places) =>
      here.sets[here.games[places.reduce((index, place, i) => index * here.nodes[i].length + place, 0)]];
    const profilesOf = (mask) => {
      const found = [];
      for (let profile = 0; profile < 64; profile += 1) if ((mask >> BigInt(profile)) & 1n) found.push(profile);
      return found;
    };
    const fill = (template, values) =>
      template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));

    const draw = (profile, number) => {
      const described = data.profiles[profile];
      const copy = drawing.cloneNode(true);
      const title = copy.querySelector("title");
      const told = copy.querySelector("desc");
      title.id = `${root.id}-t${number}`;
      told.id = `${root.id}-d${number}`;
      copy.setAttribute("aria-labelledby", `${title.id} ${told.id}`);
      title.textContent = described.triangle;
      told.textContent = described.posture;
      for (const [pair, yes] of Object.entries(described.stances)) {
        const arrow = copy.querySelector(`[data-stance="${pair}"]`);
        arrow.setAttribute("stroke", yes ? "#009E73" : "#D55E00");
        arrow.setAttribute("fill", yes ? "#009E73" : "#D55E00");
        arrow.setAttribute("stroke-dasharray", yes ? "none" : "6 4");
      }
      for (const [pair, yes] of Object.entries(described.links)) {
        copy.querySelector(`[data-link="${pair}"]`).setAttribute("stroke-opacity", yes ? "0.22" : "0");
      }
      described.actions.forEach((action, player) => {
        copy.querySelector(`[data-action="${player}"]`).textContent = action;
      });
      const card = document.createElement("figure");
      card.className = "card";
      card.dataset.profile = described.text;
      const caption = document.createElement("figcaption");
      caption.textContent = described.triangle;
      card.append(copy, caption);
      return card;
    };

    const map = (here, places) => {
      const [x, y] = [Number(across.value), Number(upwards.value)];
      const holder = root.querySelector("[data-map]");
      const [xs, ys] = [here.nodes[x], here.nodes[y]];
      const [left, top, side] = [64, 10, 380];
      const [wide, high] = [side / xs.length, side / ys.length];
      const picture = element("svg", { viewBox: `0 0 ${left + side + 20} ${top + side + 52}`, role: "img",
        "aria-label": fill(words.map_label, { x: data.parameters[x].name, y: data.parameters[y].name }) });
      const counts = new Map();
      const cells = xs.flatMap((_, i) => ys.map((_unused, j) => {
        const at = places.slice();
        at[y] = j;
        at[x] = i;
        const mask = maskAt(here, at);
        counts.set(mask, (counts.get(mask) || 0) + 1);
        return { i, j, mask };
      }));
      const order = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a) || (a < b ? -1 : 1));
      const letters = new Map(order.map((mask, place) => [mask, place < 26 ? String.fromCharCode(65 + place) : "·"]));
      const said = (mask) => profilesOf(mask).map((profile) => data.profiles[profile].posture).join("; ") || words.none;
      for (const { i, j, mask } of cells) {
        const cell = { x: left + i * wide, y: top + (ys.length - 1 - j) * high, width: wide, height: high };
        const field = element("rect", { ...cell, fill: data.fills[String(mask)], stroke: "var(--paper)", "stroke-width": 1 });
        field.append(element("title", {}, said(mask)));
        field.addEventListener("click", () => { sliders[x].value = i; sliders[y].value = j; show(); });
        const [cx, cy] = [cell.x + wide / 2, cell.y + high / 2];
        const ink = data.fills[String(mask)] === "#555555" ? "#ffffff" : mask === 0n ? "currentColor" : "#000000";
        picture.append(field, element("text", { x: cx, y: cy + 4, "text-anchor": "middle", fill: ink, "pointer-events": "none" }, letters.get(mask)));
        if (i === places[x] && j === places[y]) {
          picture.append(element("circle", { cx, cy, r: Math.min(wide, high) / 2.6, fill: "none", stroke: ink, "stroke-width": 3,
            "pointer-events": "none", "data-here": "" }));
        }
      }
      const entries = order.flatMap((mask) => {
        const [word, meaning] = [document.createElement("dt"), document.createElement("dd")];
        word.textContent = letters.get(mask);
        meaning.textContent = said(mask);
        return [word, meaning];
      });
      root.querySelector("[data-legend]").replaceChildren(...entries);
      const tick = (value, attributes) => picture.append(element("text", { fill: "currentColor", ...attributes }, shown.format(value)));
      xs.forEach((value, i) => { if (i % 2 === 0) tick(value, { x: left + (i + 0.5) * wide, y: top + side + 16, "text-anchor": "middle" }); });
      ys.forEach((value, j) => { if (j % 2 === 0) tick(value, { x: left - 6, y: top + (ys.length - 0.5 - j) * high + 4, "text-anchor": "end" }); });
      picture.append(element("text", { x: left + side / 2, y: top + side + 40, "text-anchor": "middle", fill: "currentColor" },
        `${data.parameters[x].name}, ${data.parameters[x].unit}`));
      const upright = element("text", { transform: `translate(12 ${top + side / 2}) rotate(-90)`, "text-anchor": "middle", fill: "currentColor" },
        `${data.parameters[y].name}, ${data.parameters[y].unit}`);
      picture.append(upright);
      holder.replaceChildren(picture);
    };

    const show = () => {
      const here = world();
      const places = position();
      places.forEach((place, i) => {
        const value = here.nodes[i][place];
        outputs[i].textContent = `${shown.format(value)} ${data.parameters[i].unit}`;
        outputs[i].dataset.value = String(value);
        sliders[i].setAttribute("aria-valuetext", outputs[i].textContent);
      });
      const mask = maskAt(here, places);
      const profiles = profilesOf(mask);
      root.dataset.mask = String(mask);
      root.querySelector("[data-found]").replaceChildren(...profiles.map(draw));
      const postures = profiles.map((profile) => data.profiles[profile].posture).join("; ");
      const template = profiles.length === 1 ? words.one : profiles.length ? words.many : words.none;
      root.querySelector("[data-status]").textContent = here.given + fill(template, { n: profiles.length, postures });
      const moved = places.map((place, i) => [i, here.nodes[i][place]]).filter(([i, value]) => value !== here.nodes[i][here.start[i]]);
      const names = moved.map(([i]) => data.parameters[i].name);
      root.querySelector("[data-command]").textContent = [
        here.command,
        ...here.holds.map((hold) => `--hold ${hold}`),
        ...here.settings.filter(([name]) => !names.includes(name)).map(([, setting]) => `--set ${setting}`),
        ...moved.map(([i, value]) => `--set ${data.parameters[i].name}=${value}`),
      ].join(" ");
      map(here, places);
    };
    const reset = () => {
      const here = world();
      sliders.forEach((slider, i) => {
        slider.max = String(here.nodes[i].length - 1);
        slider.value = String(here.start[i]);
      });
      show();
    };
    if (data.parameters.length > 1) upwards.value = String(Math.min(3, data.parameters.length - 1));
    sliders.forEach((slider) => slider.addEventListener("input", show));
    scenario.addEventListener("change", reset);
    const axes = [across, upwards];
    let chosen = axes.map((axis) => axis.value);
    axes.forEach((axis, i) => axis.addEventListener("change", () => {
      // One parameter on both axes would be no map: the other axis takes what this one had.
      if (across.value === upwards.value) axes[1 - i].value = chosen[i];
      chosen = axes.map((one) => one.value);
      show();
    }));
    root.querySelector("[data-reset]").addEventListener("click", reset);
    root.hidden = false;
    reset();
  };
  const roots = document.querySelectorAll(".explorer");
  document.querySelectorAll("script.explorer-data").forEach((script, i) => explore(roots[i], JSON.parse(script.textContent)));
})();
