// Guesses which known name a misspelt one was meant to be.
import {distance} from 'fastest-levenshtein'

/** `did you mean "x"? ` when one known name is close to the given one, otherwise an empty text. */
export function nearest(given: string, known: readonly string[]): string {
  const best = known
    .map(name => ({name, distance: distance(given.toLowerCase(), name.toLowerCase())}))
    .sort((a, b) => a.distance - b.distance)[0]
  return best !== undefined && best.distance <= Math.max(1, Math.floor(given.length / 3))
    ? `did you mean "${best.name}"? `
    : ''
}
