// Tagged template for HTML and XML in which every value is escaped, so that forgetting it is not possible.
import {visible} from '../../lib/text/foreignText.ts'

const safe = Symbol('markup that was escaped')

/** Made only by `markup`; a symbol as key cannot come out of a journal. */
export interface Markup {
  readonly [safe]: string
}

type Value = Markup | string | number | undefined | false | readonly Value[]

/** Text between the values is taken as it is; strings are escaped, `undefined` and `false` are nothing, lists are joined. */
export function markup(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
  const rest = values.map((value, index) => `${written(value)}${strings[index + 1]}`)
  return {[safe]: `${strings[0]}${rest.join('')}`}
}

/** The text of finished markup. */
export function textOf(value: Markup): string {
  return value[safe]
}

/** Text of our own sources (a style sheet) that must not be escaped. Never give it anything from a journal. */
export function trusted(text: string): Markup {
  return {[safe]: text}
}

/** Escaped for element content and for quoted attributes, of HTML and of XML 1.0. */
export function escaped(text: string): string {
  return visible(text).replace(/[&<>"'`]/g, character => `&#${character.charCodeAt(0)};`)
}

function written(value: Value): string {
  if (value === undefined || value === false) return ''
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value))
  if (safe in value) return value[safe]
  return value.map(written).join('')
}
