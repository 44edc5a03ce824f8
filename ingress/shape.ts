// Checks plain JSON against expectations and says, with the place, what is wrong; small, because the ingress must stay small.

/** Reads one value of a JSON document; throws an Error that names place, expectation and value. */
export type Reader<Value> = (value: unknown, place: string) => Value

/** Ends reading: names the place, what should be there and what is. */
export function wrong(place: string, expected: string, value: unknown): never {
  const given = value === undefined ? 'nothing' : (JSON.stringify(value)?.slice(0, 80) ?? String(value))
  throw new Error(`${place || 'the document'}: should be ${expected}, got ${given}`)
}

/** The members of a JSON object. */
export function object(value: unknown, place: string): {[key: string]: unknown} {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong(place, 'an object', value)
  return value as {[key: string]: unknown}
}

export const text: Reader<string> = (value, place) =>
  typeof value === 'string' && value !== '' ? value : wrong(place, 'a text that is not empty', value)

/** A whole number of 0 or more. */
export const count: Reader<number> = (value, place) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    ? value
    : wrong(place, 'a whole number of 0 or more', value)

/** A URL path. */
export const path: Reader<string> = (value, place) =>
  typeof value === 'string' && value.startsWith('/') ? value : wrong(place, 'a path that begins with /', value)

/** One of the given words. */
export function oneOf<Word extends string>(...words: Word[]): Reader<Word> {
  return (value, place) =>
    words.find(word => word === value) ?? wrong(place, words.map(word => `"${word}"`).join(' or '), value)
}

/** A list of what `read` reads. */
export function list<Value>(read: Reader<Value>): Reader<Value[]> {
  return (value, place) =>
    Array.isArray(value) ? value.map((item, index) => read(item, `${place}[${index}]`)) : wrong(place, 'a list', value)
}

/** `fallback` where the value is absent or null. */
export function optional<Value, Fallback>(read: Reader<Value>, fallback: Fallback): Reader<Value | Fallback> {
  return (value, place) => (value === undefined || value === null ? fallback : read(value, place))
}

/** Reads JSON; the error of JSON.parse is kept, as it names the position. */
export function parseJson(content: string, name: string): unknown {
  try {
    return JSON.parse(content)
  } catch (error) {
    throw new Error(`${name}: should be JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}
