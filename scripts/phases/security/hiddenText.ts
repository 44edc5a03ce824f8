// Finds characters that a model reads and a person does not see, and letters that look like others.

export interface Hidden {
  /** What it is, in words. */
  text: string
  /** What the hidden characters spell, where they spell something. */
  decoded?: string
}

// Flags of England, Scotland and Wales are written with tag characters (Unicode Technical Standard 51, ED-14a).
const flags = /\u{1F3F4}[\u{E0020}-\u{E007E}]{1,8}\u{E007F}/gu
const tags = /[\u{E0000}-\u{E007F}]+/gu
// A single variation selector chooses a form of the sign before it; several spell bytes.
const selectors = /[\u{FE00}-\u{FE0F}\u{E0100}-\u{E01EF}]{2,}/gu
const zeroWidth = /[\u200b\u2060-\u2064\ufeff\u180e]|(?<=[\p{Script=Latin}\d])[\u200c\u200d](?=[\p{Script=Latin}\d])/gu
const bidirectional = /[\u202a-\u202e\u2066-\u2069]/gu
const marks = /[\u200e\u200f\u061c]/gu
const rightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u
const control = /(?![\n\t\r])\p{Cc}/gu

/** Every kind of hidden text in it, told once each. */
export function hiddenText(text: string): Hidden[] {
  const plain = text.replace(flags, '')
  const runs = plain.match(tags) ?? []
  const spelled = runs.map(decodeTags).join(' ')
  return [
    ...(runs.length > 0 ? [{text: `characters of the tags block spell "${spelled}"`, decoded: spelled}] : []),
    ...told(plain, selectors, 'runs of variation selectors'),
    ...told(plain, zeroWidth, 'zero-width characters'),
    ...told(plain, bidirectional, 'characters that reorder text'),
    ...(rightToLeft.test(plain) ? [] : told(plain, marks, 'direction marks')),
    ...told(plain, control, 'control characters'),
  ]
}

/** Words that mix Latin letters with Cyrillic ones, or with Greek ones that look Latin. */
export function mixedScripts(text: string): string[] {
  const words = text.match(/\p{L}{2,60}/gu) ?? []
  return words.filter(word => /\p{Script=Latin}/u.test(word) && /[\p{Script=Cyrillic}ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο]/u.test(word))
}

function told(text: string, pattern: RegExp, what: string): Hidden[] {
  const found = text.match(pattern) ?? []
  if (found.length === 0) return []
  const points = [...new Set(found.flatMap(one => [...one].map(codePoint)))].slice(0, 5)
  return [{text: `${found.length} ${what}: ${points.join(', ')}`}]
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}

function decodeTags(run: string): string {
  const letters = [...run].map(character => (character.codePointAt(0) ?? 0) - 0xe0000)
  return String.fromCharCode(...letters.filter(code => code >= 0x20 && code < 0x7f))
}
