// The slope of a line through points that some outliers may spoil, with a confidence interval that assumes no distribution.

export interface Slope {
  /** The median of the slopes between all pairs of points. */
  slope: number
  low: number
  high: number
}

// Of the standard normal distribution, for 99 %: whoever looks again and again until it is decided needs more than 95.
const quantile = 2.576

/** With fewer points no interval of 99 % exists. */
export const leastPoints = 6

/**
 * Theil–Sen slope of `points`, each [x, y] with different x, and its rank interval of 99 % (P. K. Sen, "Estimates of the
 * Regression Coefficient Based on Kendall's Tau", JASA 63, 1968, section 4; normal approximation). Undefined for fewer than
 * `leastPoints`.
 */
export function theilSen(points: readonly (readonly [number, number])[]): Slope | undefined {
  const count = points.length
  if (count < leastPoints) return undefined
  const slopes = points
    .flatMap(([x, y], index) => points.slice(index + 1).map(([otherX, otherY]) => (otherY - y) / (otherX - x)))
    .sort((a, b) => a - b)
  const spread = quantile * Math.sqrt((count * (count - 1) * (2 * count + 5)) / 18)
  const below = Math.max(0, Math.floor((slopes.length - spread) / 2) - 1)
  const at = (index: number) => slopes[index] ?? Number.NaN
  const middle = slopes.length / 2
  return {
    slope: slopes.length % 2 === 1 ? at(Math.floor(middle)) : (at(middle - 1) + at(middle)) / 2,
    low: at(below),
    high: at(slopes.length - 1 - below),
  }
}
