// Writes one JSON object a line to standard output; every value passes the redactor first.

export type Log = (level: 'info' | 'warning' | 'error', event: string, details?: Record<string, unknown>) => void

/** A log that writes through `write`, with every secret that `redact` knows taken out. */
export function createLog(redact: (text: string) => string, write: (line: string) => void): Log {
  return (level, event, details = {}) => {
    const line = JSON.stringify({at: new Date().toISOString(), level, event, ...details})
    write(`${redact(line)}\n`)
  }
}
