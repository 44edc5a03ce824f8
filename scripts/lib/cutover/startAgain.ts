// Starts what is live again when it does not run any more, as after a reboot: the same release, on the state that is there.
import type {Instance} from '../instance/instance.ts'
import {readRelease} from '../release/readRelease.ts'
import type {GoBack} from './goBack.ts'
import {planTransition} from './planTransition.ts'
import {putBack} from './putBack.ts'

/** Throws a `StepFailure` with exit code 3 when it does not come up; then the change stays on record. */
export function startAgain(live: Instance, way: Omit<GoBack, 'transition'>): Promise<void> {
  const side = {instance: live, release: readRelease(live.releaseFolder)}
  return putBack({...way, transition: planTransition('rollback', way.context.run, undefined, side)})
}
