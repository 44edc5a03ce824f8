// The protocol versions, names and codes of MCP that this client speaks.

/** The revision spoken in the modern, stateless era. */
export const modernVersion = '2026-07-28'

/** Revisions of the legacy era, newest first; the first is what `initialize` offers. */
export const legacyVersions = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'] as const

/** An era of the protocol: `legacy` has a handshake and sessions, `modern` has neither. */
export type Era = 'legacy' | 'modern'

/** How this client names itself to servers. */
export const clientInfo = {name: 'seaworthy', version: '0.1.0'}

/** True when a revision (a date) belongs to the modern era. Dates compare as text. */
export function isModernVersion(version: unknown): boolean {
  return typeof version === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(version) && version >= modernVersion
}
