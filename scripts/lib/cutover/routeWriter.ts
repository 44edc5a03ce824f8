// Tells the ingress where each server answers, one change at a time, and waits until it says that it has applied it.
import {readFileSync} from 'node:fs'
import {setTimeout as pause} from 'node:timers/promises'
import type {Changes} from '../changes.ts'
import type {Instance} from '../instance/instance.ts'
import type {Target} from '../target.ts'
import {UserError} from '../userError.ts'
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
  /** Writes the routes of the transition as it is now. Calls queue up; each waits until its own routes are applied. */
  write: () => Promise<void>
  status: () => IngressStatus | undefined
}

// Far more than it takes; a machine that is busy with a start of many servers needs seconds.
const appliedWithinMs = 15_000

export function routeWriter(instance: Instance, target: Target, transition: Transition, changes: Changes): RouteWriter {
  let version =
    (readJson<{version: number}>(
      target.routes(instance, {version: 0, release: '', hosts: [], origins: [], servers: {}}).path,
    )?.version ?? 0) + 1
  let last: Promise<void> = Promise.resolve()
  const status = () => readIngressStatus(instance, target)
  const writeNext = async () => {
    const mine = version++
    const file = target.routes(instance, routesAt(transition, mine))
    changes.write(file.path, file.text, file.mode)
    await applied(mine, status)
  }
  return {
    status,
    write: () => {
      // A failed write must not keep the next one from being tried.
      last = last.then(writeNext, writeNext)
      return last
    },
  }
}

/** What the ingress of an instance told last; undefined when it never did. */
export function readIngressStatus(instance: Instance, target: Target): IngressStatus | undefined {
  return readJson(target.ingressStatus(instance))
}

async function applied(version: number, status: () => IngressStatus | undefined): Promise<void> {
  const deadlineAt = performance.now() + appliedWithinMs
  while ((status()?.version ?? 0) < version) {
    if (performance.now() > deadlineAt) {
      throw new UserError(
        `the deadline of ${appliedWithinMs} ms passed before the ingress applied its routes: ${status()?.error ?? 'it says nothing'}`,
        'see its log: pnpm logs ingress',
      )
    }
    await pause(10)
  }
}

function readJson<Value>(path: string): Value | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Value
  } catch {
    return undefined
  }
}
