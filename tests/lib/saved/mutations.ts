// Damages a text of JSON in the ways in which files are damaged, and in those in which somebody would damage one on purpose.

/** The same numbers for the same seed, from 0 up to 1. */
export function numbers(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0 || 1
  return () => {
    state ^= state << 13
    state >>>= 0
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state / 2 ** 32
  }
}

type Random = () => number

const pick = <One>(random: Random, list: readonly One[]): One => list[Math.floor(random() * list.length)] as One

const values: readonly unknown[] = [
  ...[null, -1, 0.5, 1e308, 2 ** 53, '', 'x', '../../../../evil', '/etc', '/', '..', [], {}, [null], true],
  ...[
    {constructor: 1},
    'a\u0000b',
    '\u001b[2J\u202e',
    '$(touch evil)',
    '`touch evil`',
    "'; touch evil; '",
    'x'.repeat(5000),
  ],
]

function withOtherValues(text: string, random: Random): string {
  const value: unknown = JSON.parse(text)
  const places: [Record<string, unknown>, string][] = []
  const walk = (at: unknown) => {
    if (at === null || typeof at !== 'object') return
    for (const key of Object.keys(at)) {
      places.push([at as Record<string, unknown>, key])
      walk((at as Record<string, unknown>)[key])
    }
  }
  walk(value)
  if (places.length === 0) return JSON.stringify(pick(random, values))
  for (let times = 1 + Math.floor(random() * 2); times > 0; times -= 1) {
    const [holder, key] = pick(random, places)
    if (random() < 0.25) Reflect.deleteProperty(holder, key)
    else holder[key] = pick(random, values)
  }
  return JSON.stringify(value)
}

const damages: readonly ((text: string, random: Random) => string)[] = [
  withOtherValues,
  withOtherValues,
  withOtherValues,
  withOtherValues,
  withOtherValues,
  (text, random) => text.slice(0, Math.floor(text.length * random())),
  () => '',
  (_, random) => pick(random, ['null', '[]', '{}', '1', '"x"', 'true', '[[]]', '[null]', '{"release":null}']),
  () => '['.repeat(60_000) + ']'.repeat(60_000),
  text => `\ufeff${text}`,
  text => text + text,
  text => text.replace('{', '{"__proto__":{"release":"x","polluted":1},'),
  text => text.replace('{', '{\0'),
  (text, random) => {
    const at = Math.floor(text.length * random())
    return text.slice(0, at) + String.fromCharCode(Math.floor(random() * 256)) + text.slice(at + 1)
  },
]

/** One damage of the text, chosen by `random`. */
export function damaged(text: string, random: Random): string {
  return pick(random, damages)(text, random)
}
