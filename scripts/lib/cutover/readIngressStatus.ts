// Reads what an ingress has applied and what each copy still has to do: over its control socket, or from its status file.

import {UserError} from '../errors/userError.ts'
import {readIfThere} from '../files/ifThere.ts'
import type {Instance} from '../target/instance.ts'
import type {Target} from '../target/target.ts'
import {askStatus} from './ingressControl.ts'

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

// A halted ingress answers nothing, and its file has what was true before.
const answerWithinMs = 1000

/**
 * As of now where the ingress answers, else as it wrote it last. Undefined where none listens and there is no status file that
 * can be read: it writes it again soon. Throws a `UserError` where an ingress may listen and neither way gives its status.
 */
export async function readIngressStatus(instance: Instance, target: Target): Promise<IngressStatus | undefined> {
  const socket = target.ingressControl?.(instance)
  const answer = socket === undefined ? ({kind: 'absent'} as const) : await askStatus(socket, answerWithinMs)
  if (answer.kind === 'status' && hasVersion(answer.value)) return answer.value as IngressStatus
  const written = writtenStatus(instance, target)
  if (written !== undefined || answer.kind === 'absent') return written
  const why = answer.kind === 'silent' ? answer.why : `it answered ${JSON.stringify(answer.value).slice(0, 80)}`
  throw new UserError(
    `${socket}: the ingress should answer with its status, and there is no status file to read instead: ${why}`,
    'see what its log says: pnpm logs ingress',
  )
}

/** What the status file says; undefined where there is none, or when it is damaged. */
export function writtenStatus(instance: Instance, target: Target): IngressStatus | undefined {
  const value = jsonOf(readIfThere(target.ingressStatus(instance)) ?? '')
  return hasVersion(value) ? (value as IngressStatus) : undefined
}

/** Undefined for a text that is damaged, or half of one: the caller says what that means for its file. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // No JSON, and so no value.
    return undefined
  }
}

export function hasVersion(value: unknown): value is {version: number} {
  return value !== null && typeof value === 'object' && Number.isSafeInteger((value as {version?: unknown}).version)
}
