// Names of secrets in a fleet file that was parsed but not yet checked, so that they are kept out of what is told of its faults.

/** Names of all secrets in a raw fleet file, which need not be valid yet. */
export function secretNames(raw: unknown): Set<string> {
  const {environments} = (raw ?? {}) as Record<string, Record<string, unknown> | undefined>
  return new Set([...serverSecrets(raw), ...Object.values(environments ?? {}).flatMap(notifySecrets)])
}

/** Names of the secrets that its servers get. */
export function serverSecrets(raw: unknown): string[] {
  const {servers} = (raw ?? {}) as Record<string, Record<string, unknown> | undefined>
  return Object.values(servers ?? {}).flatMap(server =>
    Object.keys((server as {secrets?: object} | null)?.secrets ?? {}),
  )
}

/** Names of the addresses and tokens of those who are told in an environment; that of a faulty file may have any shape. */
export function notifySecrets(environment: unknown): string[] {
  const list = (environment as {notify?: unknown} | null)?.notify
  const secrets = Array.isArray(list) ? list.map(one => (one as {secret?: unknown} | null)?.secret) : []
  return secrets.filter(secret => typeof secret === 'string')
}
