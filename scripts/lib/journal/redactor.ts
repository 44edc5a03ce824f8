// Replaces the values of secrets by their names, in every form in which they commonly leak.

/** Below this length a value is too common to be replaced everywhere without mangling the text; preflight refuses it. */
export const shortestSecret = 8

export type Redact = <Value>(value: Value) => Value

/**
 * A function that returns a copy of any JSON value with every secret replaced by `[secret NAME]`, also where it stands
 * URL-encoded, in base64, or escaped inside a JSON string.
 */
export function redactor(secrets: Readonly<Record<string, string | undefined>>): Redact {
  const replacements = Object.entries(secrets)
    .flatMap(([name, value]) => forms(value ?? '').map(form => [form, `[secret ${name}]`] as const))
    .sort((a, b) => b[0].length - a[0].length)
  const redactText = (text: string) =>
    replacements.reduce((result, [form, label]) => result.replaceAll(form, label), text)
  const redact = (value: unknown): unknown => {
    if (typeof value === 'string') return redactText(value)
    if (Array.isArray(value)) return value.map(redact)
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [redactText(key), redact(item)]))
  }
  return redact as Redact
}

function forms(value: string): string[] {
  if (value.length < shortestSecret) return []
  const base64 = Buffer.from(value).toString('base64')
  const all = [
    value,
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
    base64,
    base64.replace(/=+$/, ''),
    Buffer.from(value).toString('base64url'),
    Buffer.from(value).toString('hex'),
  ]
  return [...new Set(all)]
}
