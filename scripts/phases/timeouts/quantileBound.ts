// What a sample of times allows to be said of all times: an upper bound of a quantile, without assuming any distribution.

export interface QuantileBound {
  /** The quantile that is bounded, 0 to 1; lower than the wanted one when there are too few samples for that. */
  quantile: number
  ms: number
}

/** The chance that the bound is wrong. */
const risk = 0.05

/**
 * The smallest order statistic that is at least the `wanted` quantile with 95 % confidence. With too few samples there is
 * none, and the largest bounds a lower quantile: q with q^n = 0.05. Undefined without a sample.
 */
export function quantileBound(samples: readonly number[], wanted: number): QuantileBound | undefined {
  const sorted = samples.toSorted((a, b) => a - b)
  const count = sorted.length
  const largest = sorted.at(-1)
  if (largest === undefined) return undefined
  const reached = risk ** (1 / count)
  if (reached < wanted) return {quantile: reached, ms: largest}
  // The k-th value is below the quantile when at least k samples are: binomial with n and the quantile.
  let below = wanted ** count
  let chance = below
  let rank = count
  while (rank > 1 && chance <= risk) {
    rank--
    below *= (((rank + 1) / (count - rank)) * (1 - wanted)) / wanted
    chance += below
  }
  const index = chance <= risk ? 0 : rank
  return {quantile: wanted, ms: sorted[Math.min(index, count - 1)] ?? largest}
}
