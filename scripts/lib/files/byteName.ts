// Names of files as texts, whatever bytes they are made of: what is not UTF-8 is kept in the way of PEP 383, and found again.
import {isUtf8} from 'node:buffer'

// A byte that is not UTF-8 becomes a lone surrogate, 0xDC00 and the byte. No UTF-8 text has one, JSON escapes it, and
// Python's os.fsencode knows it too. Only bytes from 0x80 on can be such.
const escapeBase = 0xdc00

/** The text of a name or path that the file system gave as bytes. */
export function nameOf(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString('utf8') : [...pieces(bytes)].join('')
}

/** The bytes of such a text, for the file system and for archives. */
export function bytesOf(name: string): Buffer {
  if (name.isWellFormed()) return Buffer.from(name)
  return Buffer.concat(
    [...name].map(one => (isEscaped(one) ? Buffer.of(one.charCodeAt(0) - escapeBase) : Buffer.from(one))),
  )
}

/** What to give to functions of `node:fs` for a path that is such a text. */
export function pathOf(name: string): string | Buffer {
  return name.isWellFormed() ? name : bytesOf(name)
}

/** As a person reads it: `caf\xe9.md` for a name that holds the byte E9 alone. */
export function shownName(name: string): string {
  if (name.isWellFormed()) return name
  return [...name]
    .map(one => (isEscaped(one) ? `\\x${(one.charCodeAt(0) - escapeBase).toString(16).padStart(2, '0')}` : one))
    .join('')
}

function isEscaped(character: string): boolean {
  const code = character.charCodeAt(0)
  return character.length === 1 && code >= escapeBase + 0x80 && code <= escapeBase + 0xff
}

// The longest character that is UTF-8 at each place, or one byte that is not.
function* pieces(bytes: Buffer): Generator<string> {
  for (let at = 0; at < bytes.length; ) {
    const length = [1, 2, 3, 4].find(size => at + size <= bytes.length && isUtf8(bytes.subarray(at, at + size)))
    yield length === undefined
      ? String.fromCharCode(escapeBase + (bytes[at] ?? 0))
      : bytes.toString('utf8', at, at + length)
    at += length ?? 1
  }
}
