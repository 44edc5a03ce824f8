// The middle of some numbers, which one slow run does not move.

/** The mean of the two middle numbers where there is no single one. Throws for an empty list: nothing was measured. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.ceil(sorted.length / 2) - 1]
  if (upper === undefined || lower === undefined) throw new Error('there is no median of no numbers')
  return (lower + upper) / 2
}
