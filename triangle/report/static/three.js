"use strict";
// All equilibria in mixed actions of three players who choose, as triangle/solvers/mixed finds them: support by support, over
// the mixed actions of all three at once (triangle/solvers/mixed/boxes). On a product of three simplices the indifference
// equations lie between their values at the products of corners. A cell is dropped where signs there, or those of the
// equations multiplied by the inverse Jacobian at its middle, show that it holds no solution; it is finished where it holds
// one at most and Newton's method finds that; else it is halved. Indices of regular equilibria add to +1 (Wilson 1971).
triangle.three = function* (tables) { // tables[player][a][b][c]: payoffs in shares of each player's range
  const [SHARE, ROUNDING, UNIQUE, OVERLAP, MOST] = [1e-9, 1e-12, 0.9, 1e-6, 15000];
  const three = [0, 1, 2];
  const others = [[1, 2], [0, 2], [0, 1]];
  const sizes = [tables[0].length, tables[0][0].length, tables[0][0][0].length];
  const of = (player, own, first, second) => (player === 0 ? tables[0][own][first][second] : player === 1 ? tables[1][first][own][second] : tables[2][first][second][own]);
  const members = (mask) => three.concat(3).filter((action) => mask >> action & 1);
  // Actions of a player that no other beats against all that the others' supports can do, by these two.
  const playable = three.map((player) => {
    const [q, r] = others[player];
    return Array.from({ length: 2 ** sizes[q] }, (_, sq) => Array.from({ length: 2 ** sizes[r] }, (_r, sr) => {
      const faced = members(sq).flatMap((b) => members(sr).map((c) => [b, c]));
      return Array.from({ length: sizes[player] }, (_a, action) => action).reduce((mask, action) => {
        const isBeaten = Array.from({ length: sizes[player] }, (_b, better) => better).some((better) => better !== action && faced.every(([b, c]) => of(player, better, b, c) > of(player, action, b, c) + ROUNDING));
        return isBeaten ? mask : mask | 1 << action;
      }, 0);
    }));
  });
  const inverse = (matrix) => {
    const n = matrix.length;
    const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
    for (let c = 0; c < n; c += 1) {
      let pivot = c;
      for (let r = c + 1; r < n; r += 1) if (Math.abs(rows[r][c]) > Math.abs(rows[pivot][c])) pivot = r;
      if (Math.abs(rows[pivot][c]) < 1e-13) return null;
      [rows[c], rows[pivot]] = [rows[pivot], rows[c]];
      const by = rows[c][c];
      for (let k = 0; k < 2 * n; k += 1) rows[c][k] /= by;
      for (let r = 0; r < n; r += 1) {
        const times = rows[r][c];
        if (r === c || times === 0) continue;
        for (let k = 0; k < 2 * n; k += 1) rows[r][k] -= times * rows[c][k];
      }
    }
    return rows.map((row) => row.slice(n));
  };
  const isNegative = (matrix) => { // the sign of the determinant, zero where it is too small to tell
    const rows = matrix.map((row) => [...row]);
    let sign = 1;
    for (let c = 0; c < rows.length; c += 1) {
      let pivot = c;
      for (let r = c + 1; r < rows.length; r += 1) if (Math.abs(rows[r][c]) > Math.abs(rows[pivot][c])) pivot = r;
      if (Math.abs(rows[pivot][c]) < 1e-9) return 0;
      if (pivot !== c) sign = -sign;
      [rows[c], rows[pivot]] = [rows[pivot], rows[c]];
      sign *= Math.sign(rows[c][c]);
      for (let r = c + 1; r < rows.length; r += 1) {
        const times = rows[r][c] / rows[c][c];
        for (let k = c; k < rows.length; k += 1) rows[r][k] -= times * rows[c][k];
      }
    }
    return sign;
  };
  // The value of rows [j][k] at mixed actions of the two others.
  const at = (row, x, y) => { let sum = 0; for (let j = 0; j < x.length; j += 1) for (let k = 0; k < y.length; k += 1) sum += row[j][k] * x[j] * y[k]; return sum; };

  const found = [];
  let [spent, isOpen, isTied, indices] = [0, false, false, 0];
  function* support(masks) {
    const actions = masks.map(members);
    const dims = actions.map(({ length }) => length - 1);
    const equations = []; // { player, row [j][k] } over the others' supports
    const outside = [];
    for (const player of three) {
      const [q, r] = others[player];
      const against = (action) => actions[q].map((b) => actions[r].map((c) => of(player, action, b, c) - of(player, actions[player][0], b, c)));
      for (let action = 0; action < sizes[player]; action += 1) {
        if (action === actions[player][0]) continue;
        const [row, isIn] = [against(action), actions[player].includes(action)];
        const top = isIn ? Math.max(...row.flat().map(Math.abs)) : 1;
        (isIn ? equations : outside).push({ player, row: top > ROUNDING ? row.map((one) => one.map((value) => value / top)) : row });
      }
    }
    const columns = three.flatMap((player) => Array.from({ length: dims[player] }, (_, m) => [player, m + 1]));
    const offset = [0, dims[0], dims[0] + dims[1]];
    const third = (p, q) => 3 - p - q;
    // An equation at the corners of the two others, [first][second].
    const corners = ({ player, row }, cell) => { const [q, r] = others[player]; return cell[q].map((x) => cell[r].map((y) => at(row, x, y))); };
    const along = ({ player }, values, moved, corner) => (moved === others[player][0] ? values[corner] : values.map((one) => one[corner]));
    const jacobian = (mixed) => equations.map(({ player, row }) => columns.map(([moved, m]) => {
      if (moved === player) return 0;
      const still = mixed[third(player, moved)];
      const isFirst = moved === others[player][0];
      let sum = 0;
      for (let k = 0; k < still.length; k += 1) sum += still[k] * (isFirst ? row[m][k] - row[0][k] : row[k][m] - row[k][0]);
      return sum;
    }));
    const newton = (start) => {
      const mixed = start.map((x) => [...x]);
      for (let step = 0; step < 12; step += 1) {
        const residual = equations.map(({ player, row }) => at(row, mixed[others[player][0]], mixed[others[player][1]]));
        if (Math.max(...residual.map(Math.abs)) < 1e-15) break;
        const by = inverse(jacobian(mixed));
        if (!by) return null;
        columns.forEach(([player, m], c) => { mixed[player][m] -= by[c].reduce((sum, value, e) => sum + value * residual[e], 0); });
        for (const x of mixed) x[0] = 1 - x.slice(1).reduce((sum, value) => sum + value, 0);
        if (mixed.some((x) => x.some((value) => !(Math.abs(value) < 10)))) return null;
      }
      const left = Math.max(...equations.map(({ player, row }) => Math.abs(at(row, mixed[others[player][0]], mixed[others[player][1]]))));
      return left < 1e-11 ? mixed : null;
    };
    const holds = (cell, mixed) => cell.every((points, player) => {
      const by = inverse(points[0].map((_, m) => points.map((point) => point[m])));
      return by && by.every((row) => row.reduce((sum, value, m) => sum + value * mixed[player][m], 0) > -OVERLAP);
    });
    const accept = (mixed) => {
      if (mixed.some((x) => x.some((value) => value < -OVERLAP))) return;
      const gains = outside.map(({ player, row }) => at(row, mixed[others[player][0]], mixed[others[player][1]]));
      if (gains.some((gain) => gain > SHARE)) return;
      if (gains.some((gain) => gain > -SHARE) || mixed.some((x) => x.some((value) => value < SHARE))) isTied = true;
      if (mixed.some((x) => x.some((value) => value < SHARE))) return; // a smaller support has it
      const whole = mixed.map((x, player) => { const all = Array(sizes[player]).fill(0); actions[player].forEach((action, k) => { all[action] = x[k]; }); return all; });
      if (found.some(({ probabilities }) => probabilities.flat().every((p, k) => Math.abs(p - whole.flat()[k]) < 1e-7))) return;
      const sign = isNegative(jacobian(mixed).map((row) => row.map((value) => -value)));
      if (sign === 0) isTied = true;
      indices += sign;
      found.push({ probabilities: whole });
    };
    const waiting = [dims.map((d) => Array.from({ length: d + 1 }, (_, k) => Array.from({ length: d + 1 }, (_m, m) => (k === m ? 1 : 0))))];
    while (waiting.length) {
      spent += 1;
      if (spent % 20 === 0) yield;
      if (spent > MOST) { isOpen = true; return; }
      const cell = waiting.pop();
      const values = equations.map((one) => corners(one, cell));
      if (values.some((one) => one.every((row) => row.every((v) => v > ROUNDING)) || one.every((row) => row.every((v) => v < -ROUNDING)))) continue;
      if (outside.some((one) => corners(one, cell).every((row) => row.every((v) => v > ROUNDING)))) continue;
      const centre = cell.map((points) => points[0].map((_, m) => points.reduce((sum, point) => sum + point[m], 0) / points.length));
      // Slopes along each player's edges, at the corners of the one who is neither moved nor asked.
      const slopes = equations.map((one, e) => columns.map(([moved, m]) => {
        if (moved === one.player) return [0];
        const [to, from] = [along(one, values[e], moved, m), along(one, values[e], moved, 0)];
        return to.map((value, k) => value - from[k]);
      }));
      const by = inverse(slopes.map((row) => row.map((all) => all.reduce((sum, value) => sum + value, 0) / all.length)));
      if (by) {
        const isAway = by.some((row) => {
          const margin = ROUNDING * row.reduce((sum, value) => sum + Math.abs(value), 0);
          const parts = three.map((player) => { // what the equations of a player add, at the corners of the two others
            const [q, r] = others[player];
            const sums = cell[q].map(() => cell[r].map(() => 0));
            for (let e = offset[player]; e < offset[player] + dims[player]; e += 1) values[e].forEach((line, j) => line.forEach((value, k) => { sums[j][k] += row[e] * value; }));
            return sums;
          });
          let [low, high] = [Infinity, -Infinity];
          for (let a = 0; a <= dims[0]; a += 1) for (let b = 0; b <= dims[1]; b += 1) for (let c = 0; c <= dims[2]; c += 1) {
            const value = parts[0][b][c] + parts[1][a][c] + parts[2][a][b];
            low = Math.min(low, value);
            high = Math.max(high, value);
          }
          return low > margin || high < -margin;
        });
        if (isAway) continue;
        const spread = Math.max(...by.map((row, i) => columns.reduce((total, [moved], c) => {
          let [low, high] = [0, 0];
          for (const player of others[moved]) {
            const count = slopes[offset[player]]?.[c] ?? [0];
            let [least, most] = dims[player] ? [Infinity, -Infinity] : [0, 0];
            for (let k = 0; dims[player] && k < count.length; k += 1) {
              let sum = 0;
              for (let e = offset[player]; e < offset[player] + dims[player]; e += 1) sum += row[e] * slopes[e][c][k];
              [least, most] = [Math.min(least, sum), Math.max(most, sum)];
            }
            [low, high] = [low + least, high + most];
          }
          const one = i === c ? 1 : 0;
          return total + Math.max(Math.abs(low - one), Math.abs(high - one));
        }, 0)));
        if (spread < UNIQUE) {
          const mixed = newton(centre);
          if (mixed && holds(cell, mixed)) { accept(mixed); continue; }
        }
      }
      let [most, edge] = [-1, null];
      for (const player of three) for (let a = 0; a <= dims[player]; a += 1) for (let b = a + 1; b <= dims[player]; b += 1) {
        let change = 0;
        equations.forEach((one, e) => {
          if (one.player === player) return;
          const [to, from] = [along(one, values[e], player, b), along(one, values[e], player, a)];
          to.forEach((value, k) => { change = Math.max(change, Math.abs(value - from[k])); });
        });
        change += 0.01 * Math.max(...cell[player][a].map((value, m) => Math.abs(value - cell[player][b][m])));
        if (change > most) [most, edge] = [change, [player, a, b]];
      }
      const [player, a, b] = edge;
      const middle = cell[player][a].map((value, m) => (value + cell[player][b][m]) / 2);
      for (const corner of [a, b]) waiting.push(cell.map((points, p) => (p === player ? points.map((point, k) => (k === corner ? middle : point)) : points)));
    }
  }
  for (let s0 = 1; s0 < 2 ** sizes[0]; s0 += 1) for (let s1 = 1; s1 < 2 ** sizes[1]; s1 += 1) for (let s2 = 1; s2 < 2 ** sizes[2]; s2 += 1) {
    if ((playable[2][s0][s1] & s2) !== s2 || (playable[1][s0][s2] & s1) !== s1 || (playable[0][s1][s2] & s0) !== s0) continue;
    const dims = [s0, s1, s2].map((mask) => members(mask).length - 1);
    const sum = dims[0] + dims[1] + dims[2];
    if (2 * Math.max(...dims) > sum) continue; // an equilibrium with such a support comes with a smaller one that has a tie
    if (sum === 0) {
      const profile = [s0, s1, s2].map((mask) => members(mask)[0]);
      const best = three.map((player) => Math.max(...Array.from({ length: sizes[player] }, (_, action) => action).filter((action) => action !== profile[player]).map((action) => {
        const [b, c] = others[player].map((other) => profile[other]);
        return of(player, action, b, c) - of(player, profile[player], b, c);
      })));
      if (best.some((gain) => gain > 0)) { if (best.every((gain) => gain <= SHARE)) isTied = true; continue; }
      if (best.some((gain) => gain > -SHARE)) isTied = true;
      indices += 1;
      found.push({ probabilities: profile.map((own, player) => Array.from({ length: sizes[player] }, (_, action) => (action === own ? 1 : 0))) });
      continue;
    }
    yield* support([s0, s1, s2]);
  }
  return { found, isComplete: !isOpen && !isTied && indices === 1 };
};
