// Takes secrets out of a text before it leaves the process.

/** A function that replaces each of `secrets` (and its JSON form) by `[secret]`. Longer ones first, as one may contain another. */
export function createRedactor(secrets: (string | undefined)[]): (text: string) => string {
  const forms = secrets.flatMap(secret => (secret ? [secret, JSON.stringify(secret).slice(1, -1)] : []))
  const sorted = [...new Set(forms)].sort((one, other) => other.length - one.length)
  return text => sorted.reduce((redacted, secret) => redacted.replaceAll(secret, '[secret]'), text)
}
