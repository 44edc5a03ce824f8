// Starts what pnpm stop ended, or what does not run for another reason; says so where everything runs already.
import {bringBack} from './lib/cutover/bringBack.ts'
import {settledLive} from './lib/cutover/settledLive.ts'
import {shortDigest} from './lib/release/release.ts'
import {reportPrograms} from './lib/status/reportPrograms.ts'
import {step} from './lib/step/step.ts'
import {phaseNames} from './phases/index.ts'
import {liveWay} from './phases/liveWay.ts'
import {targetNames, targetOf} from './targets/index.ts'

const about = 'pnpm start: starts what pnpm stop ended, and whatever else of live should run and does not.'

await step(
  {name: '96-start', about, targets: targetNames, phases: phaseNames, lockedTo: 'start live'},
  async context => {
    const {fleet, record, say} = context
    const live = await settledLive(context)
    const {acts, programs} = await bringBack(live, liveWay(context, targetOf(fleet.target)))
    if (acts === 0) say(`  ${shortDigest(live.release)} runs already`)
    record({type: 'fact', name: 'started', value: {release: live.release, acts}})
    return reportPrograms(programs, say)
  },
)
