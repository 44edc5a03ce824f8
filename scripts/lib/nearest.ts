// Guesses which known name a misspelt one was meant to be.

/** `did you mean "x"? ` when one known name is close to the given one, otherwise an empty text. */
export function nearest(given: string, known: readonly string[]): string {
  const best = known
    .map(name => ({name, distance: distance(given.toLowerCase(), name.toLowerCase())}))
    .sort((a, b) => a.distance - b.distance)[0]
  return best !== undefined && best.distance <= Math.max(1, Math.floor(given.length / 3))
    ? `did you mean "${best.name}"? `
    : ''
}

// Levenshtein's distance, one row at a time.
function distance(a: string, b: string): number {
  let row = Array.from({length: b.length + 1}, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
