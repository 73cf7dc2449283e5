"use strict";
// Equilibria in mixed actions where no more than three players are left with a choice once what is strictly dominated has
// gone, as triangle/solvers/mixed finds them. Of two, all supports of equal size are solved, which is enough unless there
// are ties; the indices of the equilibria add to +1 (Shapley 1974) where none is missing. Of three see three.js.

// Actions of each player that survive the iterated removal of actions strictly dominated by a pure action.
triangle.undominated = (game, payoffs, hold) => {
  let left = game.shape.map((actions, player) => (player in hold ? [hold[player]] : Array.from({ length: actions }, (_, a) => a)));
  const most = payoffs.map((own) => game.rounding(own, hold));
  for (;;) {
    const others = left.map((_, player) => game.profiles.map((_p, index) => index).filter((index) =>
      game.profiles[index][player] === left[player][0] && game.profiles[index].every((action, i) => left[i].includes(action))));
    const beats = (player, better, action) => others[player].every((index) =>
      payoffs[player][game.moved(index, player, better)] > payoffs[player][game.moved(index, player, action)] + most[player]);
    const kept = left.map((own, player) => own.filter((action) => !own.some((better) => better !== action && beats(player, better, action))));
    if (kept.every((own, player) => own.length === left[player].length)) return left;
    left = kept;
  }
};

// The solution of a system of equations, rows [coefficients..., right-hand side], by elimination; null where it is singular.
triangle.solved = (system) => {
  const rows = system.map((row) => [...row]);
  for (let column = 0; column < rows.length; column += 1) {
    let pivot = column;
    for (let r = column + 1; r < rows.length; r += 1) if (Math.abs(rows[r][column]) > Math.abs(rows[pivot][column])) pivot = r;
    if (Math.abs(rows[pivot][column]) < 1e-11) return null;
    [rows[column], rows[pivot]] = [rows[pivot], rows[column]];
    for (let r = 0; r < rows.length; r += 1) {
      if (r === column) continue;
      const times = rows[r][column] / rows[column][column];
      for (let c = column; c <= rows.length; c += 1) rows[r][c] -= times * rows[column][c];
    }
  }
  return rows.map((row, r) => row[rows.length] / row[r]);
};

triangle.mixed = function* (game, payoffs, hold) {
  const SHARE = 1e-9; // of a player's range: the largest gain by deviating, and the smallest probability, that count as none
  const left = triangle.undominated(game, payoffs, hold);
  const movers = left.flatMap((own, player) => (own.length > 1 ? [player] : []));
  if (movers.length > 3 || movers.length === 3 && movers.some((player) => left[player].length > 4)) return { left, movers, isComplete: false, equilibria: null };
  if (movers.length === 3) return yield* triangle.mixedOfThree(game, payoffs, hold, left, movers);
  const pair = [...movers, ...left.keys()].filter((player, place, all) => all.indexOf(player) === place).slice(0, 2).sort((a, b) => a - b);
  const [first, second] = pair;
  const start = game.profiles.findIndex((profile) => profile.every((action, i) => action === left[i][0]));
  const at = (a, b) => game.moved(game.moved(start, first, left[first][a]), second, left[second][b]);
  // Payoffs in shares of each player's range, one added so that determinants have the signs that indices ask for.
  const cells = left[first].map((_, a) => left[second].map((_b, b) => at(a, b)));
  const shares = pair.map((player) => {
    const own = cells.flat().map((index) => payoffs[player][index]);
    const [low, span] = [Math.min(...own), Math.max(...own) - Math.min(...own)];
    const varies = span > game.rounding(payoffs[player], hold);
    return cells.map((row) => row.map((index) => 1 + (varies ? (payoffs[player][index] - low) / span : 0)));
  });
  const [mine, yours] = [shares[0], shares[1][0].map((_, b) => shares[1].map((row) => row[b]))]; // rows: own actions
  const subsets = (count) => Array.from({ length: 2 ** count - 1 }, (_, bits) => Array.from({ length: count }, (_a, a) => a).filter((a) => (bits + 1) >> a & 1));
  // What the other must play so that these own actions are worth the same, and nobody's other action is worth more.
  const indifferent = (matrix, own, other) => {
    const found = triangle.solved([...own.map((a) => [...other.map((b) => matrix[a][b]), -1, 0]), [...other.map(() => 1), 0, 1]]);
    if (!found || found.slice(0, -1).some((p) => p <= SHARE)) return null;
    const played = matrix[0].map(() => 0);
    other.forEach((b, k) => { played[b] = found[k]; });
    const worth = matrix.map((row) => row.reduce((sum, u, b) => sum + u * played[b], 0));
    const most = Math.max(...worth);
    if (own.some((a) => worth[a] < most - SHARE)) return null;
    return { played, isTied: worth.some((u, a) => u >= most - SHARE && !own.includes(a)) };
  };
  const sign = (matrix, own, other) => {
    const rows = own.map((a) => other.map((b) => matrix[a][b]));
    const minor = (m) => (m.length === 1 ? m[0][0] : m[0].reduce((sum, u, c) => sum + (c % 2 ? -u : u) * minor(m.slice(1).map((row) => row.filter((_, k) => k !== c))), 0));
    return Math.sign(minor(rows));
  };
  let [indices, isTied] = [0, false];
  const equilibria = [];
  for (const own of subsets(mine.length)) for (const other of subsets(yours.length)) {
    if (own.length !== other.length) continue;
    const [theirs, ours] = [indifferent(mine, own, other), indifferent(yours, other, own)];
    if (!theirs || !ours) continue;
    isTied = isTied || theirs.isTied || ours.isTied;
    indices += (own.length % 2 ? 1 : -1) * sign(mine, own, other) * sign(yours, other, own);
    const probabilities = game.shape.map((actions, player) => Array.from({ length: actions }, (_, action) => (action === left[player][0] ? 1 : 0)));
    for (const [player, played] of [[first, ours.played], [second, theirs.played]]) {
      probabilities[player].fill(0);
      played.forEach((p, k) => { probabilities[player][left[player][k]] = p; });
    }
    const expected = payoffs.map((all) => cells.reduce((sum, row, a) => sum + row.reduce((inner, index, b) => inner + ours.played[a] * theirs.played[b] * all[index], 0), 0));
    equilibria.push({ probabilities, payoffs: expected });
  }
  return { left, movers, isComplete: !isTied && indices === 1, equilibria };
};

triangle.mixedOfThree = function* (game, payoffs, hold, left, movers) {
  const base = game.profiles.findIndex((profile) => profile.every((action, player) => action === left[player][0]));
  const at = (actions) => movers.reduce((index, player, k) => game.moved(index, player, left[player][actions[k]]), base);
  const [first, second, third] = movers.map((player) => left[player].map((_, k) => k));
  const cells = first.map((a) => second.map((b) => third.map((c) => at([a, b, c]))));
  const every = cells.flat(2);
  let isFine = true; // whether payoffs that differ by a share that counts differ by more than rounding makes
  const tables = movers.map((player) => {
    const own = every.map((index) => payoffs[player][index]);
    const [low, span] = [Math.min(...own), Math.max(...own) - Math.min(...own)];
    if (!(game.rounding(payoffs[player], hold) <= 1e-9 * span)) isFine = false;
    return cells.map((rows) => rows.map((row) => row.map((index) => (span > 0 ? (payoffs[player][index] - low) / span : 0))));
  });
  const { found, isComplete } = yield* triangle.three(tables);
  const equilibria = found.map(({ probabilities: own }) => ({
    probabilities: game.shape.map((actions, player) => Array.from({ length: actions }, (_, action) => {
      const k = movers.indexOf(player);
      return k < 0 ? (action === left[player][0] ? 1 : 0) : own[k][left[player].indexOf(action)] ?? 0;
    })),
    payoffs: payoffs.map((all) => cells.reduce((sum, rows, a) => sum + rows.reduce((more, row, b) => more + row.reduce((most, index, c) => most + own[0][a] * own[1][b] * own[2][c] * all[index], 0), 0), 0)),
  }));
  return { left, movers, isComplete: isComplete && isFine, equilibria };
};

// What a computation in steps comes to, without a pause.
triangle.finished = (steps) => { for (;;) { const { done, value } = steps.next(); if (done) return value; } };
