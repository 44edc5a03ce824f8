// Tells the ingress where each server answers, one change at a time, and waits until it says that it has applied it.
import {readFileSync} from 'node:fs'
import {setTimeout as pause} from 'node:timers/promises'
import type {Changes} from '../changes.ts'
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

/** `instance` is the one whose ingress is told. */
export function routeWriter({transition, changes, ...ingress}: WriteRoutes): RouteWriter {
  const {instance, target} = ingress
  let version =
    (readJson<{version: number}>(
      target.routes(instance, {version: 0, release: '', hosts: [], origins: [], servers: {}}).path,
    )?.version ?? 0) + 1
  let last: Promise<void> = Promise.resolve()
  let next: Promise<void> | undefined
  const status = () => readIngressStatus(instance, target)
  const writeNext = async () => {
    // Whoever asks from here on may have set what these routes do not have.
    next = undefined
    const mine = version++
    const file = target.routes(instance, routesAt(transition, mine))
    changes.write(file.path, file.text, file.mode)
    await applied(mine, status, ingress)
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

/** What the ingress of an instance told last; undefined when it never did. */
export function readIngressStatus(instance: Instance, target: Target): IngressStatus | undefined {
  return readJson(target.ingressStatus(instance))
}

async function applied(version: number, status: RouteWriter['status'], ingress: LastLines): Promise<void> {
  const beganAt = performance.now()
  let lookedAt = beganAt
  let restartsBefore: number | undefined
  while ((status()?.version ?? 0) < version) {
    const now = performance.now()
    if (now - beganAt > appliedWithinMs) {
      const told = status()?.error ?? `it tells nothing${logEnd(await lastLines('ingress', ingress))}`
      throw unapplied(`the deadline of ${appliedWithinMs} ms passed before the ingress applied its routes: ${told}`)
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
  return new UserError(message, 'mend what its log tells of, then repeat: pnpm logs ingress')
}

function readJson<Value>(path: string): Value | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Value
  } catch {
    return undefined
  }
}
