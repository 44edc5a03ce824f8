// Makes a change of an instance under the eyes of live clients, and records what they saw.
import type {Instance} from '../lib/instance/instance.ts'
import type {StepContext} from '../lib/step.ts'
import {startWitness} from '../lib/witness/startWitness.ts'
import {witnessFacts} from '../lib/witness/witnessFacts.ts'
import {witnessTarget} from './continuityTarget.ts'
import {trustAuthority} from './trustAuthority.ts'

// Enough to notice a gap of a few hundred milliseconds, and little beside real traffic.
const callsPerSecond = 20
const sessions = 8

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
  const witness = await startWitness({targets, signal, callsPerSecond, sessions})
  try {
    return await change(witness.mark)
  } finally {
    for (const entry of witnessFacts(await witness.stop())) record(entry)
  }
}
