// Shortens foreign text to one line, so that a summary stays one sentence.

/** One line of at most `length` characters. */
export function clip(text: unknown, length = 160): string {
  const line = String(text).replace(/\s+/g, ' ').trim()
  return line.length > length ? `${line.slice(0, length)}…` : line
}

/** The text in quotation marks after a colon; nothing when there is none. */
export function quote(text: string): string {
  return text === '' ? '' : `: "${clip(text)}"`
}
