// Clients that were held through the change lost nothing: no call failed, vanished or ran twice, and all are back.
import {fact} from '../lib/journal/facts.ts'
import {type WitnessFact, witnessFactName, witnessLoadName} from '../lib/witness/witnessFacts.ts'
import {judgeContinuity} from './continuityChecks.ts'
import {type ContinuityLimits, defaultContinuityLimits} from './continuityLimits.ts'
import {callsDuringChange} from './continuitySeen.ts'
import type {MachineLoad} from './machine/watchMachine.ts'
import type {Phase} from './phase.ts'

interface ContinuitySeen {
  /** Absent when the change recorded no witness. */
  witness: WitnessFact | undefined
  /** The load of the machine while clients were held; absent in journals of earlier versions. */
  load?: MachineLoad | undefined
}

// Limits of the fleet file, once it has any, are merged here; an old journal can be judged under them as well.
const limits: ContinuityLimits = defaultContinuityLimits

export const continuity: Phase<ContinuitySeen> = {
  name: 'continuity',
  title: 'Connected clients lose no call, session or stream during the change',
  deadlineMs: () => 5000,

  server: {
    observe: async (context, server) => ({
      witness: fact<WitnessFact>(context.entries(), witnessFactName(server.name)),
      load: fact<MachineLoad>(context.entries(), witnessLoadName),
    }),
    evidence: ({witness}) => {
      if (witness === undefined) return {have: 0, need: limits.minimumCalls, what: 'calls; no witness was recorded'}
      // Nothing was there that could be held, and somebody said so: that is told as a skip, not as thin evidence.
      if ('unwitnessed' in witness) return {have: 0, need: 0, what: 'calls'}
      return {have: callsDuringChange(witness), need: limits.minimumCalls, what: 'calls of clients during the change'}
    },
    judge: ({witness, load}) => {
      if (witness === undefined) return []
      if ('unwitnessed' in witness) return [{name: 'witnessed', verdict: 'skip', detail: witness.unwitnessed}]
      return judgeContinuity(witness, limits).map(check => ({...check, load}))
    },
  },
}
