// Tells the ingress where each server answers, one change at a time, and waits until it says that it has applied it.
import {hash} from 'node:crypto'
import {dirname} from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import type {Changes} from '../changes.ts'
import {readIfThere} from '../files/ifThere.ts'
import type {Instance} from '../instance/instance.ts'
import {type LastLines, lastLines, logEnd} from '../lastLines.ts'
import type {Target} from '../target.ts'
import {UserError} from '../userError.ts'
import {crashLoop, statusOf} from './crashLoop.ts'
import {routesAt} from './routesAt.ts'
import type {Transition} from './transition.ts'

/** What the ingress has applied, and what each copy still has to do. */
export interface IngressStatus {
  version: number
  release?: string
  /** SHA-256 of the text of the routes that it applied; those of earlier versions do not say it. */
  routes?: string
  /** SHA-256 of the program of the ingress; those of earlier versions do not tell it. */
  code?: string
  error?: string
  servers: Record<
    string,
    {held: number; copies: Record<string, {state: string; inFlight: number; streams: number; sessions: number}>}
  >
}

export interface RouteWriter {
  /**
   * Writes the routes of the transition and waits until the ingress has applied them. Those who ask while another write goes
   * on share the next one: routes are the whole transition as it is when the write begins, so what each of them set is in it.
   */
  write: () => Promise<void>
  status: () => IngressStatus | undefined
}

// Far more than it takes; a machine that is busy with a start of many servers needs seconds.
const appliedWithinMs = 15_000
const lookEveryMs = 400
// Requests of servers that change in their place wait meanwhile, and to read a small file takes no time.
const pauseMs = 4

export interface WriteRoutes extends LastLines {
  transition: Transition
  changes: Changes
}

/** `instance` is the one whose ingress is told. Throws a `UserError` for a routes file that cannot be read. */
export function routeWriter({transition, changes, ...ingress}: WriteRoutes): RouteWriter {
  const {instance, target} = ingress
  // Above both: where the file was lost, the ingress still has what was in it.
  let version = Math.max(writtenVersion(instance, target), readIngressStatus(instance, target)?.version ?? 0) + 1
  let last: Promise<void> = Promise.resolve()
  let next: Promise<void> | undefined
  const status = () => readIngressStatus(instance, target)
  const writeNext = async () => {
    // Whoever asks from here on may have set what these routes do not have.
    next = undefined
    const mine = version++
    const routes = routesAt(transition, mine)
    const file = target.routes(instance, routes)
    changes.write(file.path, file.text, file.mode)
    const sha256 = hash('sha256', file.text)
    await applied({version: mine, release: routes.release, sha256}, {status, changes, ...ingress})
  }
  return {
    status,
    write: () => {
      if (next !== undefined) return next
      // A failed write must not keep the next one from being tried.
      next = last.then(writeNext, writeNext)
      last = next
      return next
    },
  }
}

/** What the ingress of an instance said last; undefined when it never did, or when that is damaged: it writes it again soon. */
export function readIngressStatus(instance: Instance, target: Target): IngressStatus | undefined {
  const value = jsonOf(readIfThere(target.ingressStatus(instance)) ?? '')
  return hasVersion(value) ? (value as IngressStatus) : undefined
}

/** The version of the routes file that is there; 0 where there is none. */
function writtenVersion(instance: Instance, target: Target): number {
  const {path} = target.routes(instance, {version: 0, release: '', hosts: [], origins: [], servers: {}})
  const text = readIfThere(path)
  if (text === undefined) return 0
  const value = jsonOf(text)
  if (hasVersion(value)) return value.version
  throw new UserError(
    `${path}: should be the routes of the ingress with their version, is ${JSON.stringify(text.slice(0, 40))}`,
    `move it away, then repeat: it is written again; or sh ${dirname(dirname(instance.folder))}/rollback.sh, which needs no routes`,
  )
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Damaged, or half of it: the caller says what that means for this file.
    return undefined
  }
}

function hasVersion(value: unknown): value is {version: number} {
  return value !== null && typeof value === 'object' && Number.isSafeInteger((value as {version?: unknown}).version)
}

interface Written {
  version: number
  release: string
  sha256: string
}

// A greater version is that of other routes. An ingress of an earlier version of Seaworthy does not say which text it read.
function isApplied({version, release, sha256}: Written, status: IngressStatus | undefined): boolean {
  if (status === undefined || status.version !== version) return false
  return status.routes === undefined ? status.release === release : status.routes === sha256
}

interface Applied extends LastLines, Pick<RouteWriter, 'status'>, Pick<WriteRoutes, 'changes'> {}

async function applied(written: Written, {status, changes, ...ingress}: Applied): Promise<void> {
  const beganAt = performance.now()
  let lookedAt = beganAt
  let restartsBefore: number | undefined
  while (!isApplied(written, status())) {
    const now = performance.now()
    const isOver = now - beganAt > appliedWithinMs
    // Routes that another run wrote since are not the ingress's fault, and ours will never be applied.
    if (isOver || now - lookedAt > lookEveryMs) changes.assert()
    if (isOver) {
      const seen = status()
      const said = seen?.error ?? `${hasText(seen)}${logEnd(await lastLines('ingress', ingress))}`
      throw unapplied(
        `the deadline of ${appliedWithinMs} ms passed before the ingress applied routes ${written.version}: ${said}`,
      )
    }
    if (now - lookedAt > lookEveryMs) {
      lookedAt = now
      const program = await statusOf('ingress', {...ingress, instance: {...ingress.instance, servers: []}})
      restartsBefore ??= program?.restarts
      const loop = crashLoop(program, restartsBefore ?? 0)
      if (loop !== undefined) throw unapplied(`the ingress ${loop}${logEnd(await lastLines('ingress', ingress))}`)
    }
    await pause(pauseMs)
  }
}

function unapplied(message: string): UserError {
  return new UserError(message, 'fix what its log says, then repeat: pnpm logs ingress')
}

function hasText(status: IngressStatus | undefined): string {
  return status === undefined ? 'it says nothing' : `it has routes ${status.version} of ${status.release}`
}
