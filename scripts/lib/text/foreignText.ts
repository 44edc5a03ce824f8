// Makes text from outside harmless to look at, on a terminal, in a message, or before a report escapes it for its own form.

// Escape sequences of terminals, marks that reorder text and invisible characters could make a report say what the journal
// does not. Newline, tab and the joiner of emoji stay. XML 1.0 forbids most of the others anyway (production 2).
const disturbing = /(?![\n\t\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffe\uffff]/gu

/** The same text with control and reordering characters written as `⟨U+001B⟩`; line ends become newlines. */
export function visible(text: string): string {
  // Nearly all text is plain, and a report of 200 servers has a hundred thousand pieces of it.
  if (/^[ -~\n]*$/.test(text)) return text
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(disturbing, character => `⟨${codePoint(character)}⟩`)
}

/** `visible` text on one line: runs of white space become one space. */
export function oneLine(text: string): string {
  return visible(text).replace(/\s+/g, ' ').trim()
}

/** At most `limit` characters, and how many were left out, so that nobody takes a part for the whole. */
export function clipped(text: string, limit: number): string {
  if (text.length <= limit) return text
  return `${text.slice(0, limit).toWellFormed()}… (${text.length - limit} more characters in the journal)`
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
