// The lease of a step: taken or joined before its body, with who it was taken from in the journal.

import {UserError} from '../errors/userError.ts'
import {entriesOf} from '../journal/facts.ts'
import {acquireLock} from '../lock/acquireLock.ts'
import {isHere, readLock, stillRuns, told} from '../lock/holder.ts'
import {keepLease, type Lease} from '../lock/lease.ts'
import type {JournaledContext} from './journaledStep.ts'

export interface StepLease extends Pick<JournaledContext, 'record' | 'entries' | 'signal' | 'say' | 'run' | 'flags'> {
  root: string
  /** What the lock is taken for. */
  purpose: string
}

/** Throws a `UserError` that names the holder when another run is at work. */
export async function stepLease({root, purpose, run, flags, record, entries, signal, say}: StepLease): Promise<Lease> {
  const runner = process.env.SEAWORTHY_RUNNER
  const {holder, took, takenOver} = await acquireLock({
    root,
    run,
    purpose,
    pid: Number(runner ?? process.pid),
    // A runner holds it from the first step to the last; steps by hand each take it again.
    known: runner === undefined || flags.run === undefined ? undefined : knownToken(entries()),
    waitMs: waitMsOf(flags.own.wait),
    signal,
    say,
  })
  const lease = keepLease(root, holder)
  if (takenOver !== undefined) {
    record({type: 'fact', name: 'lock.taken-over', value: {...takenOver.holder, because: takenOver.because}})
    say(`  ${told(takenOver.holder).replace(' holds ', ' held ')}; taken over, since ${takenOver.because}`)
  }
  if (took) record({type: 'fact', name: 'lock.taken', value: {token: holder.token, purpose}})
  return lease
}

/** The lease of the run that this step belongs to, so that it is renewed while the step works; undefined when it has none. */
export function joinedLease(root: string, run: string): Lease | undefined {
  const held = readLock(root)
  if (held?.run !== run || held.token === undefined || !isHere(held) || !stillRuns(held)) return undefined
  return keepLease(root, {...held, token: held.token})
}

function knownToken(entries: ReturnType<StepLease['entries']>): number | undefined {
  const taken = entriesOf(entries, 'fact').findLast(entry => entry.name === 'lock.taken')
  return (taken?.value as {token: number} | undefined)?.token
}

/** `--wait` is in seconds. */
function waitMsOf(given: unknown): number {
  if (given === undefined) return 0
  const seconds = Number(given)
  if (typeof given === 'string' && given.trim() !== '' && seconds >= 0 && Number.isFinite(seconds))
    return seconds * 1000
  throw new UserError(`--wait: should be a number of seconds, got ${given}`, 'such as --wait 120')
}
