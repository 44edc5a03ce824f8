// JSON with sorted keys and no blanks, so that equal values have equal texts and equal digests.

/** Keys are sorted, those that look like numbers first; keys whose value is undefined are left out, as in JSON.stringify. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner) => (isPlain(inner) ? sorted(inner) : inner))
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function sorted(value: Record<string, unknown>): Record<string, unknown> {
  const keys = Object.keys(value).sort()
  return Object.fromEntries(keys.map(key => [key, value[key]]))
}
