// Writes one JSON line per notable event; repeated events are counted instead of written, so that a flood stays readable.

/** Values of a line. Never headers, bodies or session ids. */
export type LogFields = {[name: string]: string | number | boolean | undefined}

/** `event` writes at once. `often` writes the first of its kind in a second; the next line tells how many were left out. */
export type Log = {event(name: string, fields?: LogFields): void; often(name: string, fields: LogFields): void}

/** Makes a log that hands each line, without its end, to `write`. `always` is on every line. */
export function makeLog(write: (line: string) => void, always: LogFields = {}, now: () => number = Date.now): Log {
  const lately = new Map<string, {at: number; leftOut: number}>()
  const event = (name: string, fields: LogFields = {}) => {
    write(JSON.stringify({at: new Date(now()).toISOString(), event: name, ...always, ...fields}))
  }
  return {
    event,
    often(name, fields) {
      const key = `${name}\n${fields.server ?? ''}\n${fields.copy ?? ''}`
      const last = lately.get(key)
      // A clock that was set back would leave them out until it has caught up.
      const agoMs = last === undefined ? Number.POSITIVE_INFINITY : now() - last.at
      if (last && agoMs >= 0 && agoMs < 1000) {
        last.leftOut += 1
        return
      }
      // Kinds are few (events × copies), but copies come and go for as long as the process lives.
      if (lately.size > 1000) lately.clear()
      lately.set(key, {at: now(), leftOut: 0})
      event(name, {...fields, leftOut: last?.leftOut || undefined})
    },
  }
}
