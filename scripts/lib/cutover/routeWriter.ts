// Tells the ingress where each server answers, one change at a time, and waits until it says that it has applied it.
import {hash} from 'node:crypto'
import {dirname} from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import {shared} from '../async/shared.ts'
import {UserError} from '../errors/userError.ts'
import type {Changes} from '../files/changes.ts'
import {readIfThere} from '../files/ifThere.ts'
import type {Instance} from '../target/instance.ts'
import {type LastLines, lastLines, logEnd} from '../target/lastLines.ts'
import type {Target} from '../target/target.ts'
import {crashLoop, statusOf} from './crashLoop.ts'
import {putRoutes} from './ingressControl.ts'
import {hasVersion, type IngressStatus, jsonOf, readIngressStatus, writtenStatus} from './readIngressStatus.ts'
import {routesAt} from './routesAt.ts'
import type {Transition} from './transition.ts'

export interface RouteWriter {
  /**
   * Writes the routes of the transition and waits until the ingress has applied them. Those who ask while another write goes
   * on share the next one: routes are the whole transition as it is when the write begins, so what each of them set is in it.
   */
  write: () => Promise<void>
  /** Undefined where the ingress never said it. Those who ask at the same time share an answer. */
  status: () => Promise<IngressStatus | undefined>
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
  const writtenBefore = writtenVersion(instance, target)
  let version: number | undefined
  let last: Promise<void> = Promise.resolve()
  let next: Promise<void> | undefined
  const status = shared(() => readIngressStatus(instance, target))
  const writeNext = async () => {
    // Above both: where the file was lost, the ingress still has what was in it.
    version ??= Math.max(writtenBefore, (await status())?.version ?? 0)
    // Whoever asks from here on may have set what these routes do not have.
    next = undefined
    version += 1
    const routes = routesAt(transition, version)
    const {path, text, mode} = target.routes(instance, routes)
    // The file is what an ingress that starts reads, and what a rollback without Node changes.
    changes.write(path, text, mode)
    const {release} = routes
    await applied({version, release, text, sha256: hash('sha256', text)}, {changes, ...ingress})
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

interface Written {
  version: number
  release: string
  text: string
  sha256: string
}

// A greater version is that of other routes. An ingress of an earlier version of Seaworthy does not say which text it read.
function isApplied({version, release, sha256}: Written, status: IngressStatus | undefined): boolean {
  if (status === undefined || status.version !== version) return false
  return status.routes === undefined ? status.release === release : status.routes === sha256
}

interface Applied extends LastLines, Pick<WriteRoutes, 'changes'> {}

/**
 * Puts routes that are in the file already over the control socket. Where nobody listens, as while an ingress starts or when it
 * is of an earlier version, it reads the file by itself, and its status file says when that is done.
 */
async function applied(written: Written, {changes, ...ingress}: Applied): Promise<void> {
  const {instance, target} = ingress
  const status = () => writtenStatus(instance, target)
  const beganAt = performance.now()
  let restartsBefore: number | undefined
  // To make the new file durable takes longer than the ingress to apply it, so that it may have said so by now.
  if (isApplied(written, status())) return
  let put = await putOnce(written, {changes, ...ingress})
  let lookedAt = performance.now()
  while (!put.isApplied && !isApplied(written, status())) {
    const now = performance.now()
    const isOver = now - beganAt > appliedWithinMs
    // Routes that another run wrote since are not the ingress's fault, and ours will never be applied.
    if (isOver || now - lookedAt > lookEveryMs) changes.assert()
    if (isOver) {
      const seen = status()
      const said = seen?.error ?? `${put.silence ?? hasText(seen)}${logEnd(await lastLines('ingress', ingress))}`
      throw unapplied(
        `the deadline of ${appliedWithinMs} ms passed before the ingress applied routes ${written.version}: ${said}`,
      )
    }
    if (now - lookedAt > lookEveryMs) {
      const program = await statusOf('ingress', {...ingress, instance: {...instance, servers: []}})
      restartsBefore ??= program?.restarts
      const loop = crashLoop(program, restartsBefore ?? 0)
      if (loop !== undefined) throw unapplied(`the ingress ${loop}${logEnd(await lastLines('ingress', ingress))}`)
      put = await putOnce(written, {changes, ...ingress})
      lookedAt = performance.now()
    } else await pause(pauseMs)
  }
}

/** `silence` is why an ingress that may listen did not say that it applied them. Throws what it says against them. */
async function putOnce(
  {version, text, sha256}: Written,
  {instance, target, changes}: Applied,
): Promise<{isApplied: boolean; silence?: string}> {
  const socket = target.ingressControl?.(instance)
  if (socket === undefined) return {isApplied: false}
  changes.assert()
  const answer = await putRoutes(socket, text, lookEveryMs)
  if (answer.kind === 'absent') return {isApplied: false}
  if (answer.kind === 'silent') return {isApplied: false, silence: `${socket}: ${answer.why}`}
  if (answer.kind === 'applied') {
    if (answer.version === version && answer.routes === sha256) return {isApplied: true}
    return {isApplied: false, silence: `${socket}: it applied routes ${answer.version} of digest ${answer.routes}`}
  }
  // Who lost the lease meanwhile hears of that: the routes that are newer are those of the run that has it.
  changes.assert()
  throw unapplied(`the ingress did not apply routes ${version}: ${answer.why}`)
}

function unapplied(message: string): UserError {
  return new UserError(message, 'fix what its log says, then repeat: pnpm logs ingress')
}

function hasText(status: IngressStatus | undefined): string {
  return status === undefined ? 'it says nothing' : `it has routes ${status.version} of ${status.release}`
}
