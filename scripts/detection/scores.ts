/**
 * How well a score tells attacks from ordinary work.
 *
 * @module
 */

/**
 * Area under the ROC curve: the share of pairs of a positive and a negative in which the positive has the higher score, a draw
 * counting half (Mann and Whitney's U; Fawcett, "An introduction to ROC analysis", Pattern Recognition Letters 27, 2006). NaN
 * where one of the two is empty.
 */
export function auroc(positives: readonly number[], negatives: readonly number[]): number {
  const all = [
    ...positives.map((score) => ({ score, isPositive: true })),
    ...negatives.map((score) => ({ score, isPositive: false })),
  ].sort((a, b) => a.score - b.score);
  let below = 0, wins = 0;
  for (let from = 0; from < all.length;) {
    let to = from, equalPositives = 0;
    for (; to < all.length && all[to]!.score === all[from]!.score; to++) if (all[to]!.isPositive) equalPositives++;
    const equalNegatives = to - from - equalPositives;
    wins += equalPositives * (below + equalNegatives / 2);
    below += equalNegatives;
    from = to;
  }
  return wins / (positives.length * negatives.length);
}
