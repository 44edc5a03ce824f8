// Tells what the ingress has applied and what each copy still has to do: as JSON, and in a file that a shell script can poll.
import {rename, writeFile} from 'node:fs/promises'
import type {CopyState} from './routes.ts'
import type {Table} from './table.ts'

/** The status file. `version` is that of the routes applied last; 0 before any were. `error` tells why newer ones were not. */
export type IngressStatus = {
  version: number
  pid: number
  /** SHA-256 of the program that runs. */
  code: string
  startedAt: string
  release: string
  /** SHA-256 of the text of the routes file that was applied last: whoever wrote one knows by it that it is this very one. */
  routes?: string
  error?: string
  /** Why it has no control socket; then routes are taken from the file alone. */
  controlFault?: string
  servers: {
    [name: string]: {
      held: number
      copies: {[id: string]: {state: CopyState; inFlight: number; streams: number; sessions: number}}
    }
  }
}

/** What of the status is not in the table. */
export type StatusHead = Omit<IngressStatus, 'servers'>

/** The status now. Sessions of an ended copy have ended with it, so they count as none. */
export function statusOf(head: StatusHead, table: Table): IngressStatus {
  const servers: IngressStatus['servers'] = {}
  for (const {name, hold, copies} of table.values()) {
    const told = copies.map(({id, state, inFlight, streams, sessions}) => {
      return [id, {state, inFlight, streams: streams.length, sessions: state === 'ended' ? 0 : sessions}] as const
    })
    servers[name] = {held: hold.held(), copies: Object.fromEntries(told)}
  }
  return {...head, servers}
}

/**
 * `touch` has the status written within 25 ms; many touches become one write. `mention` is for what nobody waits for,
 * such as the calls of an active copy: within 250 ms. `write` begins at once: for routes, which come one at a time and for
 * which a change of live waits; it resolves when the file has it, or could not be written. `close` waits for the last write.
 */
export type StatusFile = {touch(): void; mention(): void; write(): Promise<void>; close(): Promise<void>}

const soonMs = 25
const laterMs = 250

/**
 * Writes the file when touched, by rename, so that a reader never sees half of it. Not synced to disk: it tells what this
 * process does, and means nothing after a crash of the machine.
 */
export function makeStatusFile(path: string, read: () => IngressStatus, onError: (error: Error) => void): StatusFile {
  let soon: NodeJS.Timeout | undefined
  let later: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()
  let written = ''
  const writeOnce = async () => {
    const text = `${JSON.stringify(read(), undefined, 1)}\n`
    if (text === written) return
    const beside = `${path}.${process.pid}.tmp`
    try {
      await writeFile(beside, text)
      await rename(beside, path)
      written = text
    } catch (error) {
      onError(error as Error)
    }
  }
  const queue = () => {
    clearTimeout(soon)
    clearTimeout(later)
    soon = undefined
    later = undefined
    writing = writing.then(writeOnce)
    return writing
  }
  return {
    touch() {
      soon ??= setTimeout(queue, soonMs)
    },
    mention() {
      later ??= setTimeout(queue, laterMs)
    },
    write: queue,
    close: queue,
  }
}
