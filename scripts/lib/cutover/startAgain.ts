// Starts what is live again when it does not run any more, as after a reboot: the same release, on the state that is there.
import {existsSync} from 'node:fs'
import {exitCode} from '../errors/exitCode.ts'
import {StepFailure} from '../errors/stepFailure.ts'
import {releaseIn} from '../release/readRelease.ts'
import {shortDigest} from '../release/release.ts'
import type {Instance} from '../target/instance.ts'
import type {GoBack} from './goBack.ts'
import {planTransition} from './planTransition.ts'
import {putBack} from './putBack.ts'

/** Throws a `StepFailure` with exit code 3 when it does not come up; then the change stays on record. */
export function startAgain(live: Instance, way: Omit<GoBack, 'transition'>): Promise<void> {
  const {run, fleet} = way.context
  if (!existsSync(live.releaseFolder))
    throw new StepFailure(
      exitCode.rollbackFailed,
      `release ${shortDigest(live.release)} is live, does not run, and cannot be started: ${live.releaseFolder} is gone`,
      `sh ${fleet.root}/rollback.sh goes to the last verified release that is whole; so does pnpm rollback`,
    )
  const side = {instance: live, release: releaseIn(live.releaseFolder).release}
  return putBack({...way, transition: planTransition('rollback', run, undefined, side)})
}
