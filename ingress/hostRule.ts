// Decides whether the Host and Origin headers of a request are allowed (MCP, "Streamable HTTP", security warning).

// uri-host [ ":" port ] (RFC 9110, section 7.2), as far as names and addresses go: what precedes an @ is no host.
const hostHeader = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::\d{0,5})?$/

/**
 * The host name of a Host header in lower case, without its port; empty when there is none, or when it is no host. `[::1]:80`
 * gives `[::1]`.
 */
export function hostName(header: string | undefined): string {
  return (hostHeader.exec(header ?? '')?.[1] ?? '').toLowerCase()
}

/** True when the name is one of the patterns, or below one that begins with `*.`. */
export function hostMatches(name: string, patterns: readonly string[]): boolean {
  return patterns.some(pattern => {
    const wanted = pattern.toLowerCase()
    if (!wanted.startsWith('*.')) return name === wanted
    return name.length > wanted.length - 1 && name.endsWith(wanted.slice(1))
  })
}

/**
 * True when there is no Origin, when it is listed, or when it is a page of the very host that was asked (whose name was
 * found allowed before). The scheme is not compared: TLS may end in front of the ingress.
 */
export function originAllowed(
  origin: string | undefined,
  hostHeader: string | undefined,
  origins: readonly string[],
): boolean {
  if (origin === undefined) return true
  if (origins.some(allowed => allowed.toLowerCase() === origin.toLowerCase())) return true
  return hostHeader !== undefined && /^https?:\/\//i.test(origin) && sameHost(origin, hostHeader)
}

function sameHost(origin: string, hostHeader: string): boolean {
  const scheme = origin.slice(0, origin.indexOf('://') + 3)
  if (!URL.canParse(origin) || !URL.canParse(scheme + hostHeader)) return false
  return new URL(origin).host === new URL(scheme + hostHeader).host
}
