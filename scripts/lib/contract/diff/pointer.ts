// JSON pointers, and names of strangers in sentences.

/** RFC 6901: `/` and `~` in a name are written `~1` and `~0`. */
export function pointerTo(...steps: readonly string[]): string {
  return steps.map(step => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

const longest = 80

/** In quotation marks, on one line, with everything that cannot be seen written out. */
export function quoted(text: string): string {
  const shown = text.length > longest ? `${text.slice(0, longest)}…` : text
  return JSON.stringify(shown).replaceAll(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    sign => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`,
  )
}
