// Matches a server's regular expression against a text, but only where that cannot take long.

/** True, false, or undefined where the pattern cannot be read, or could run away on a text of this length. */
export function runPattern(pattern: string, text: string): boolean | undefined {
  if (text.length > longestSafe(pattern)) return undefined
  try {
    return new RegExp(pattern, 'u').test(text)
  } catch {
    // The pattern of a server, which is judged where it is declared.
    return undefined
  }
}

/** A pattern that every text matches. */
export function matchesAll(pattern: string): boolean {
  return ['', '^', '$', '.*', '^.*', '(?:)'].includes(pattern)
}

/**
 * How long a text may be. Matching takes at most about (ways to go on at a character) ^ (characters) steps, and no more
 * than 2 ^ (alternatives) × (characters) ^ (repetitions + 1) where no group is repeated. Either is kept below a million.
 */
function longestSafe(pattern: string): number {
  if (pattern.length > 1000) return -1
  const repetitions = (pattern.match(/[*+?]|\{\d/g) ?? []).length
  const counted = [...pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)]
  const copies = counted.reduce((product, [, least = '1', most = '']) => product * (Number(most || least) + 1), 1)
  const alternatives = (pattern.match(/\|/g) ?? []).length
  const choices = 2 + repetitions + alternatives + copies
  if (choices > 5000) return -1
  const anyGroup = Math.floor(6 / Math.log10(choices))
  const repeatsGroup = /\)[*+{]/.test(pattern) || /\\\d/.test(pattern) || /\(\?<?[=!]/.test(pattern)
  if (repeatsGroup || copies > 200 || alternatives > 10) return anyGroup
  return Math.max(anyGroup, Math.floor((10 ** 6 / 2 ** alternatives) ** (1 / (repetitions + 1))))
}
