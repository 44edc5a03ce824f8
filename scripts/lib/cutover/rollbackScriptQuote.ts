// Writes text so that a shell reads exactly that text.

/** Between single quotes a shell changes nothing; a single quote itself stands outside of them. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
