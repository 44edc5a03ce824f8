// Replaces the values of secrets by their names, in every form in which they commonly leak.

/** Below this length a value is too common to be replaced everywhere without mangling the text; preflight refuses it. */
export const shortestSecret = 8

export type Redact = <Value>(value: Value) => Value

/**
 * A function that returns a copy of any JSON value with every secret replaced by `[secret NAME]`, also where it stands
 * URL-encoded, in base64 (alone or within a longer text, as in Basic authentication), in hex, or escaped inside a JSON
 * string. Of a secret with several lines, each is replaced; of a URL, its password too.
 */
export function redactor(secrets: Readonly<Record<string, string | undefined>>): Redact {
  const replacements = Object.entries(secrets)
    .flatMap(([name, value]) => formsOf(value ?? '').map(form => [form, `[secret ${name}]`] as const))
    .sort((a, b) => b[0].length - a[0].length)
  const redactText = (text: string) =>
    replacements.reduce((result, [form, label]) => result.replaceAll(form, label), text)
  const redact = (value: unknown): unknown => {
    if (typeof value === 'string') return redactText(value)
    if (typeof value === 'number')
      return redactText(String(value)) === String(value) ? value : redactText(String(value))
    if (Array.isArray(value)) return value.map(redact)
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [redactText(key), redact(item)]))
  }
  return redact as Redact
}

function formsOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/)
  const values = [secret, ...(lines.length > 1 ? lines : []), ...passwordsIn(secret)]
  return [...new Set(values.filter(value => value.length >= shortestSecret).flatMap(formsOfValue))]
}

// A server that is given the URL of a database logs what its driver makes of it, and the password in it alone.
function passwordsIn(secret: string): string[] {
  const [, password] = /^[a-z][a-z0-9+.-]*:\/\/[^/?#@\s]*?:([^/?#\s]*)@/i.exec(secret) ?? []
  return password === undefined ? [] : [password, decoded(password)]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A % that begins no code stands for itself.
    return text
  }
}

function formsOfValue(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1)
  const url = encodeURIComponent(value.toWellFormed())
  return [
    value,
    json,
    // As other languages write JSON, and as JSON looks within JSON.
    json.replace(/[\u007f-\uffff]/g, sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`),
    JSON.stringify(json).slice(1, -1),
    url,
    url.replace(/%[0-9A-F]{2}/g, code => code.toLowerCase()),
    new URLSearchParams({'': value}).toString().slice(1),
    Buffer.from(value).toString('hex'),
    Buffer.from(value).toString('hex').toUpperCase(),
    ...base64Forms(Buffer.from(value)),
  ]
}

// Base64 takes three bytes at a time, so a value looks different at each of three places. The signs at its edges depend
// on the neighbours too and are left out.
function base64Forms(value: Buffer): string[] {
  return [0, 1, 2].flatMap(offset => {
    const signs = Buffer.concat([Buffer.alloc(offset), value])
    const first = Math.ceil((offset * 8) / 6)
    const last = Math.floor((signs.length * 8) / 6)
    return [signs.toString('base64').slice(first, last), signs.toString('base64url').slice(first, last)]
  })
}
