"use strict";
// Drawings of the explorer, as SVG that stands in the page and is taken away as it is: maps, bars, triangles side by side.
triangle.svg = (name, attributes = {}, ...children) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value);
  }
  made.append(...children.flat());
  return made;
};

triangle.chart = ({ key, width, height, title, told = "" }, ...children) => triangle.svg(
  "svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-labelledby": `${key}-t ${key}-d`, "font-size": 12, fill: "currentColor" },
  triangle.svg("title", { id: `${key}-t` }, title), triangle.svg("desc", { id: `${key}-d` }, told), ...children);

// What is where on a square, by shares of its sides: keys at the corners of equal cells, and the places along the cells'
// edges at which one gives way to another, found by halving. A cell is cut between such places: in two, or, where more than
// two meet, in four smaller ones, and the smallest about its middle. What fits between two corners is not seen.
triangle.regionsOf = function* (cells, halvings, depth, at) {
  const keys = [];
  for (let j = 0; j <= cells; j += 1) {
    keys.push([]);
    for (let i = 0; i <= cells; i += 1) {
      keys[j].push(at(i / cells, j / cells));
      if (i % 16 === 15) yield;
    }
    yield;
  }
  const stretches = (first, last, where) => { // along an edge: [key, from, to], as shares of it
    const found = [[first, 0, 1]];
    for (let low = 0; found[found.length - 1][0] !== last && found.length < 4;) {
      const here = found[found.length - 1];
      let [high, above] = [1, last];
      for (let halving = 0; halving < halvings; halving += 1) {
        const middle = (low + high) / 2;
        const key = where(middle);
        if (key === here[0]) low = middle;
        else [high, above] = [middle, key];
      }
      here[2] = (low + high) / 2;
      found.push([found.length < 3 ? above : last, here[2], 1]);
      low = high;
    }
    return found;
  };
  const edges = new Map();
  const edge = (i, j, isUp) => {
    const name = (j * (cells + 1) + i) * 2 + (isUp ? 1 : 0);
    if (!edges.has(name)) edges.set(name, stretches(keys[j][i], isUp ? keys[j + 1][i] : keys[j][i + 1], (share) => at((i + (isUp ? 0 : share)) / cells, (j + (isUp ? share : 0)) / cells)));
    return edges.get(name);
  };
  const areas = new Map();
  const borders = [];
  const back = (runs) => runs.map(([own, from, to]) => [own, 1 - to, 1 - from]).reverse();
  const put = (key, points) => {
    if (!areas.has(key)) areas.set(key, { key, size: 0, polygons: [] });
    const area = areas.get(key);
    area.polygons.push(points);
    area.size += Math.abs(points.reduce((sum, [x, y], k) => { const [u, v] = points[(k + 1) % points.length]; return sum + x * v - u * y; }, 0)) / 2;
  };
  const box = (key, i0, i1, j0, j1) => put(key, [[i0, j0], [i1, j0], [i1, j1], [i0, j1]].map((point) => point.map((one) => one / cells)));
  // A square by what is along its sides, counter-clockwise from below: in two parts, or, where more meet, in four squares.
  function* cut([x, y], wide, runs, deeper) {
    const place = [(s) => [x + s * wide, y], (s) => [x + wide, y + s * wide], (s) => [x + (1 - s) * wide, y + wide], (s) => [x, y + (1 - s) * wide]];
    const parts = []; // around the square: [key, points], where one ends the next begins
    runs.forEach((side, k) => side.forEach(([own, from, to]) => {
      const last = parts[parts.length - 1];
      if (last && last[0] === own) last[1].push(place[k](to));
      else parts.push([own, [place[k](from), place[k](to)]]);
    }));
    if (parts.length > 1 && parts[0][0] === parts[parts.length - 1][0]) parts[0][1].unshift(...parts.pop()[1].slice(0, -1));
    if (parts.length > 2 && deeper > 0) {
      const half = wide / 2;
      const known = [0, 1, 2].map((j) => [0, 1, 2].map((i) => at(x + i * half, y + j * half)));
      const level = (j, i) => stretches(known[j][i], known[j][i + 1], (s) => at(x + (i + s) * half, y + j * half));
      const rising = (j, i) => stretches(known[j][i], known[j + 1][i], (s) => at(x + i * half, y + (j + s) * half));
      for (const j of [0, 1]) for (const i of [0, 1]) {
        yield* cut([x + i * half, y + j * half], half, [level(j, i), rising(j, i + 1), back(level(j + 1, i)), back(rising(j, i))], deeper - 1);
        yield;
      }
      return;
    }
    const starts = parts.map(([, points]) => points[0]);
    const middle = [0, 1].map((axis) => starts.reduce((sum, point) => sum + point[axis], 0) / starts.length);
    for (const [own, points] of parts) put(own, parts.length > 2 ? [...points, middle] : points);
    if (parts.length === 2) borders.push(starts);
    if (parts.length > 2) borders.push(...starts.map((start) => [start, middle]));
  }
  let open = new Map(); // rectangles of whole cells that may go on in the next row, by key and columns
  for (let j = 0; j < cells; j += 1) {
    const next = new Map();
    let run = null;
    const close = () => { if (run) { const name = `${run[0]}|${run[1]}|${run[2]}`; next.set(name, [...run, open.get(name)?.[3] ?? j]); open.delete(name); run = null; } };
    for (let i = 0; i < cells; i += 1) {
      const key = keys[j][i];
      if (key === keys[j][i + 1] && key === keys[j + 1][i] && key === keys[j + 1][i + 1]) {
        if (run && run[0] === key) run[2] = i + 1;
        else { close(); run = [key, i, i + 1]; }
        continue;
      }
      close();
      const runs = [edge(i, j, false), edge(i + 1, j, true), back(edge(i, j + 1, false)), back(edge(i, j, true))];
      yield* cut([i / cells, j / cells], 1 / cells, runs, depth);
      yield;
    }
    close();
    for (const [key, i0, i1, j0] of open.values()) box(key, i0, i1, j0, j);
    open = next;
  }
  for (const [key, i0, i1, j0] of open.values()) box(key, i0, i1, j0, cells);
  // The widest place of each area, by how many corners away another key is, is where its letter stands.
  const widths = keys.map((row) => row.map(() => 0));
  const sweep = (order, step) => {
    for (const j of order) for (const i of order) {
      const around = [[i - step, j], [i, j - step], [i - step, j - step], [i + step, j - step]];
      const least = (x, y) => (keys[y]?.[x] === undefined ? 1 : keys[y][x] === keys[j][i] ? widths[y][x] : 0);
      const most = 1 + Math.min(...around.map(([x, y]) => least(x, y)));
      widths[j][i] = step > 0 ? most : Math.min(widths[j][i], most);
    }
  };
  const order = Array.from({ length: cells + 1 }, (_, k) => k);
  sweep(order, 1);
  sweep([...order].reverse(), -1);
  keys.forEach((row, j) => row.forEach((key, i) => {
    const area = areas.get(key);
    if (area && widths[j][i] > (area.depth || 0)) Object.assign(area, { depth: widths[j][i], widest: [i / cells, j / cells] });
  }));
  return { keys, borders, areas: [...areas.values()].sort((a, b) => b.size - a.size || (a.key < b.key ? -1 : 1)) };
};

// A square map: regions in their looks, their borders, letters, ticks on both sides, and marks. Shares become points.
triangle.mapChart = ({ key, title, told, across, upwards, ticks, regions, lookOf, lettersOf, marks = [], go = () => {} }) => {
  const { svg } = triangle;
  const [left, top, side] = [64, 8, 380];
  const [x, y] = [(share) => left + side * share, (share) => top + side * (1 - share)];
  const short = (number) => Number(number.toFixed(2));
  const path = (points) => points.map(([u, v], k) => `${k ? "L" : "M"}${short(x(u))} ${short(y(v))}`).join("");
  const defs = svg("defs");
  const fills = new Map(regions.areas.map(({ key: own }, number) => {
    const { one, other } = lookOf(own);
    if (one === other) return [own, one];
    const name = `${key}-p${number}`;
    defs.append(svg("pattern", { id: name, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      svg("rect", { width: 6, height: 6, fill: one }), svg("rect", { width: 2, height: 6, fill: other })));
    return [own, `url(#${name})`];
  }));
  const areas = regions.areas.map(({ key: own, polygons }) => svg("path", { d: polygons.map((points) => `${path(points)}Z`).join(""), fill: fills.get(own), stroke: fills.get(own), "stroke-width": 0.8 }));
  const lines = svg("path", { d: regions.borders.map(path).join(""), fill: "none", stroke: "#000000", "stroke-width": 1.1, "stroke-linecap": "round" });
  const letters = regions.areas.filter(({ size, depth }) => depth > 2 || size > 0.01 && depth > 1).map(({ key: own, widest: [u, v] }) => {
    const [text, half] = [lettersOf(own), 4.6 * lettersOf(own).length + 3];
    const at = [Math.min(left + side - half - 1, Math.max(left + half + 1, x(u))), Math.min(top + side - 11, Math.max(top + 11, y(v)))];
    return svg("g", {}, svg("rect", { x: at[0] - half, y: at[1] - 9, width: 2 * half, height: 18, rx: 3, fill: "#ffffff", "fill-opacity": 0.85 }),
      svg("text", { x: at[0], y: at[1] + 4.5, "text-anchor": "middle", "font-weight": 700, fill: "#000000" }, text));
  });
  const axis = [0.25, 0.5, 0.75, 0, 1].flatMap((share) => [
    svg("path", { d: `M${x(share)} ${top + side}v4`, stroke: "currentColor" }), svg("path", { d: `M${left} ${y(share)}h-4`, stroke: "currentColor" }),
    svg("text", { x: x(share), y: top + side + 17, "text-anchor": "middle", fill: "var(--muted)" }, ticks.across(share)),
    svg("text", { x: left - 7, y: y(share) + 4, "text-anchor": "end", fill: "var(--muted)" }, ticks.upwards(share))]);
  const points = marks.map(({ at: [u, v], radius, isFilled }) => svg("circle", { cx: x(u), cy: y(v), r: radius, fill: isFilled ? "#000000" : "none", stroke: isFilled ? "#ffffff" : "#000000", "stroke-width": isFilled ? 1 : 3 }));
  const chart = triangle.chart({ key, width: left + side + 18, height: top + side + 42, title, told },
    defs, areas, lines, svg("rect", { x: left, y: top, width: side, height: side, fill: "none", stroke: "currentColor" }), letters, points, axis,
    svg("text", { x: x(0.5), y: top + side + 36, "text-anchor": "middle" }, across),
    svg("text", { transform: `translate(13 ${y(0.5)}) rotate(-90)`, "text-anchor": "middle" }, upwards),
    svg("rect", { "data-area": "", x: left, y: top, width: side, height: side, fill: "transparent", onclick: (event) => {
      const box = event.target.getBoundingClientRect();
      go((event.clientX - box.left) / box.width, 1 - (event.clientY - box.top) / box.height);
    } }));
  return { chart, fills };
};

// What each power would lose by its best other action, a group of bars for each posture; to the left of zero it would gain.
triangle.lossChart = ({ key, title, groups, number }) => {
  const { svg } = triangle;
  const [row, zero, width] = [31, 158, 420];
  const every = groups.flatMap(({ bars }) => bars.map(({ loss }) => loss)).filter(Number.isFinite);
  const [low, high] = [Math.min(0, ...every), Math.max(0, ...every)];
  const room = [low < 0 ? 60 : 0, 62];
  const scale = (width - 5 - zero - room[0] - room[1]) / (high - low || 1);
  const x = (loss) => zero + room[0] + (loss - low) * scale;
  const parts = [];
  let y = 6;
  for (const { letter, fill, triangle: name, bars } of groups) {
    y += 16;
    parts.push(svg("rect", { x: 4, y: y - 10, width: 11, height: 11, fill, stroke: "var(--muted)" }), svg("text", { x: 21, y, "font-weight": 600 }, `${letter}: ${name}`));
    y += 6;
    const start = y;
    for (const { player, action, loss, isHeld } of bars) {
      const [from, to] = [Math.min(x(0), x(loss)), Math.max(x(0), x(loss))];
      parts.push(svg("text", { x: zero - 6, y: y + (action ? 13 : 18), "text-anchor": "end" }, player),
        ...(Number.isFinite(loss) ? [
          svg("rect", { x: from, y: y + 4, width: Math.max(0.8, to - from), height: row - 12, fill: loss < 0 ? "#E69F00" : "#0072B2", "fill-opacity": isHeld ? 0.45 : 1 }),
          svg("text", { x: loss < 0 ? from - 4 : to + 4, y: y + 18, "text-anchor": loss < 0 ? "end" : "start" }, number.format(loss))] : []));
      if (action) parts.push(svg("text", { x: zero - 6, y: y + 25, "text-anchor": "end", fill: "var(--muted)", "font-size": 10 }, action));
      y += row;
    }
    parts.push(svg("path", { d: `M${x(0)} ${start}V${y}`, stroke: "currentColor" }));
    y += 6;
  }
  return triangle.chart({ key, width, height: y + 4, title }, parts);
};

// Shares of a whole by year, one bar each.
triangle.yearsChart = ({ key, title, years, fills, here, percent }) => {
  const { svg } = triangle;
  const [left, top, width, height] = [44, 8, 470, 130];
  const wide = width / years.length;
  const bars = years.flatMap(({ chances }, k) => {
    let up = 0;
    return chances.map((chance, kind) => {
      const bar = svg("rect", { x: left + k * wide + 1, y: top + height * (1 - up - chance), width: wide - 2, height: height * chance, fill: fills[kind], "fill-opacity": k === here ? 1 : 0.7 });
      up += chance;
      return bar;
    });
  });
  const every = Math.ceil(years.length / 8);
  const scale = [0, 0.5, 1].map((share) => svg("text", { x: left - 6, y: top + height * (1 - share) + 4, "text-anchor": "end", fill: "var(--muted)" }, percent.format(share)));
  const called = years.flatMap(({ year }, k) => (k % every ? [] : [svg("text", { x: left + (k + 0.5) * wide, y: top + height + 16, "text-anchor": "middle", fill: "var(--muted)" }, String(year))]));
  return triangle.chart({ key, width: left + width + 14, height: top + height + 24, title }, bars, scale, called,
    svg("rect", { x: left + here * wide, y: top, width: wide, height, fill: "none", stroke: "currentColor", "stroke-width": 2 }));
};

// The drawings of some postures side by side, under a sentence, each over its lines; read off what stands in the page.
triangle.together = ({ key, title, headline, cards }) => {
  const { svg } = triangle;
  const [wide, line] = [368, 17];
  const across = Math.min(3, cards.length);
  const width = Math.max(1, across) * wide;
  const said = take.lines(headline, width / 9.4);
  const most = Math.max(0, ...cards.map(({ texts }) => texts.flatMap((text) => take.lines(text, 46)).length));
  const high = 252 + 24 + most * line;
  const head = said.length * 19 + 14;
  const parts = cards.flatMap(({ drawing, texts }, k) => {
    const [x, y] = [(k % across) * wide, head + Math.floor(k / across) * high];
    const copy = drawing.cloneNode(true);
    for (const name of ["class", "role", "aria-labelledby"]) copy.removeAttribute(name);
    for (const one of copy.querySelectorAll("title, desc")) one.remove();
    for (const [name, value] of Object.entries({ x, y, width: 368, height: 252 })) copy.setAttribute(name, value);
    return [copy, ...texts.flatMap((text) => take.lines(text, 46)).map((text, n) => svg("text", { x: x + wide / 2, y: y + 272 + n * line, "text-anchor": "middle", "font-size": 14, "font-weight": n ? 400 : 600 }, text))];
  });
  return triangle.chart({ key, width, height: head + Math.ceil(cards.length / Math.max(1, across)) * high, title },
    said.map((text, n) => svg("text", { x: 6, y: 19 + n * 19, "font-size": 15, "font-weight": 600 }, text)), parts);
};
