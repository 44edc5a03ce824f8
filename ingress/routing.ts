// Applies routes one at a time, whether they come in the file or over the control socket, and knows which ones are applied.
import {hash} from 'node:crypto'
import {readFile} from 'node:fs/promises'
import type {IngressConfig} from './config.ts'
import type {Log} from './log.ts'
import {type Routes, readRoutes} from './routes.ts'
import {type IngressStatus, makeStatusFile, type StatusFile, type StatusHead, statusOf} from './status.ts'
import {applyRoutes, type Table} from './table.ts'

/** What became of routes that were put. `refused`: other routes are applied, and these are not newer. */
export type PutResult =
  | {outcome: 'applied'; version: number; routes: string}
  | {outcome: 'refused'; error: string; version: number; routes: string | undefined}
  | {outcome: 'invalid'; error: string}

export type Routing = {
  status(): IngressStatus
  statusFile: StatusFile
  names(): {hosts: readonly string[]; origins: readonly string[]}
  release(): string
  /** Applies the routes file, whatever its version: it is the truth, also where a restore or a shell wrote an older one. */
  readFile(): void
  /** Applies routes that are newer than those applied. What is applied already is applied. Resolves when the status says it. */
  put(text: string): Promise<PutResult>
  /** Says in the status why there is no control socket. */
  setControlFault(fault: string): void
}

/** Makes the routing of an ingress that has no routes yet. `code` is the digest of its program. */
export function makeRouting(config: IngressConfig, table: Table, log: Log, code: string): Routing {
  let head: StatusHead = {
    version: 0,
    pid: process.pid,
    code,
    startedAt: new Date().toISOString(),
    release: config.release,
    error: 'no routes were read yet',
  }
  let names = {hosts: config.hosts, origins: config.origins}
  const status = () => statusOf(head, table)
  const statusFile = makeStatusFile(config.status, status, error =>
    log.often('status not written', {error: error.message}),
  )
  const apply = (routes: Routes, digest: string): void => {
    const {version, release} = routes
    const isNew = digest !== head.routes
    const changes = isNew ? applyRoutes(table, routes, statusFile.touch) : []
    if (isNew) names = {hosts: routes.hosts ?? config.hosts, origins: routes.origins ?? config.origins}
    head = {...head, version, release, routes: digest, error: undefined}
    if (!isNew) return
    log.event('routes applied', {version, release, changes: changes.length})
    for (const {server, copy, from, to} of changes) log.event('copy', {server, copy, from, to})
  }
  // One at a time, so that an older file never wins over a newer one.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const done = last.then(work)
    last = done
    return done
  }
  const applyFile = async () => {
    try {
      const text = await readFile(config.routes, 'utf8')
      apply(readRoutes(text, config.routes), hash('sha256', text))
    } catch (error) {
      const why = messageOf(error)
      head = {...head, error: `the routes of version ${head.version} stay: ${why}`}
      log.event('routes refused', {version: head.version, error: why})
    }
    void statusFile.write()
  }
  const applyPut = async (text: string): Promise<PutResult> => {
    const digest = hash('sha256', text)
    try {
      const routes = readRoutes(text, 'the routes')
      const {version} = routes
      if (digest !== head.routes && version <= head.version) {
        const error = `routes ${version} are not newer than routes ${head.version} of ${head.release}, which are applied`
        log.event('put refused', {version, error})
        return {outcome: 'refused', error, version: head.version, routes: head.routes}
      }
      apply(routes, digest)
      await statusFile.write()
      return {outcome: 'applied', version, routes: digest}
    } catch (error) {
      log.event('put refused', {error: messageOf(error)})
      return {outcome: 'invalid', error: `the routes of version ${head.version} stay: ${messageOf(error)}`}
    }
  }
  return {
    status,
    statusFile,
    names: () => names,
    release: () => head.release,
    readFile: () => void inTurn(applyFile),
    put: text => inTurn(() => applyPut(text)),
    setControlFault(fault) {
      head = {...head, controlFault: fault}
    },
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
