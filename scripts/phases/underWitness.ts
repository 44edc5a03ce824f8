// Makes a change of an instance under the eyes of live clients, and records what they saw.
import {setTimeout as pause} from 'node:timers/promises'
import {timed} from '../lib/async/timed.ts'
import type {StepContext} from '../lib/step/step.ts'
import type {Instance} from '../lib/target/instance.ts'
import {startWitness, type Witness} from '../lib/witness/startWitness.ts'
import {witnessFacts, witnessLoadName} from '../lib/witness/witnessFacts.ts'
import {defaultContinuityLimits} from './continuityLimits.ts'
import {callsDuringChange} from './continuitySeen.ts'
import {witnessTarget} from './continuityTarget.ts'
import {watchMachine} from './machine/watchMachine.ts'
import {trustAuthority} from './trustAuthority.ts'

// Enough to notice a gap of a few hundred milliseconds, and little beside real traffic.
export const callsPerSecond = 20
export const sessions = 8

// What a change breaks may show only after it; and a quick change must not end before there is enough to judge.
const afterMs = 1000
const afterAtMostMs = 5000

/** Whatever the change throws is thrown on, once the clients have ended and what they saw is recorded. */
export async function underWitness<Result>(
  context: StepContext,
  instance: Instance,
  change: (mark: (moment: string) => void) => Promise<Result>,
): Promise<Result> {
  const {signal, record} = context
  trustAuthority(instance.ingress)
  const secrets = context.secrets(instance.name)
  const targets = instance.servers.map(server => witnessTarget(server, {secrets}))
  const {result: witness, took} = await timed(() => startWitness({targets, signal, callsPerSecond, sessions}))
  record({type: 'fact', name: 'clients-opened', value: took})
  using machine = watchMachine()
  const began = machine.now()
  try {
    const result = await change(witness.mark)
    await watchOn(witness, signal)
    record({type: 'fact', name: 'watched-on', value: {ms: afterMs}})
    return result
  } finally {
    record({type: 'fact', name: witnessLoadName, value: machine.since(began)})
    const ended = await timed(witness.stop)
    record({type: 'fact', name: 'clients-ended', value: ended.took})
    for (const entry of witnessFacts(ended.result)) record(entry)
  }
}

async function watchOn(witness: Witness, signal: AbortSignal): Promise<void> {
  const changedAt = performance.now()
  const isThin = () =>
    Object.values(witness.now()).some(seen => callsDuringChange(seen) < 2 * defaultContinuityLimits.minimumCalls)
  do await pause(100, undefined, {signal})
  while (elapsed(changedAt) < afterMs || (isThin() && elapsed(changedAt) < afterAtMostMs))
}

function elapsed(since: number): number {
  return performance.now() - since
}
