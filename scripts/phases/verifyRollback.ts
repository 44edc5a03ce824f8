// Judges live after a rollback by its quick phases: health, and that the contract is the one on record of its release.

import type {Verdict} from '../lib/errors/verdict.ts'
import type {StepContext} from '../lib/step/step.ts'
import type {Target} from '../lib/target/target.ts'
import {phasesOf} from './index.ts'
import {runPhases} from './runPhases.ts'

/** Slow phases are left out: what is put back was verified when it first went live. */
export async function verifyRollback(context: StepContext, target: Target): Promise<Verdict> {
  return runPhases(context, target, await phasesOf(['reachability', 'health', 'tools', 'contract']), {
    limits: {steadySeconds: 0},
  })
}
