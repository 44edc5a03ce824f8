// Ends every program of an environment's live instance. State, records and releases stay, so that a deploy brings it back.
import {endStandby} from './lib/cutover/endStandby.ts'
import {readTransition} from './lib/cutover/transitionFile.ts'
import {stopInstance} from './lib/instance/endInstance.ts'
import {forgetInstance, readInstance} from './lib/instance/savedInstance.ts'
import {shortDigest} from './lib/release/release.ts'
import {step} from './lib/step.ts'
import {UserError} from './lib/userError.ts'
import {phaseNames} from './phases/index.ts'
import {targetNames, targetOf} from './targets/index.ts'

await step({name: '97-stop', targets: targetNames, phases: phaseNames, lockedTo: 'stop live'}, async context => {
  const {fleet, record, say, store, changes} = context
  const unfinished = readTransition(fleet.root)
  if (unfinished !== undefined)
    throw new UserError(
      `run ${unfinished.run} left a ${unfinished.purpose} unfinished, so two copies may run`,
      'pnpm resume first',
    )
  const live = readInstance(fleet.root, 'live')
  if (live === undefined) throw new UserError(`nothing is live in ${fleet.environment}`, 'pnpm status')
  const target = targetOf(fleet.target)
  const shell = context.shell('live')
  await endStandby({root: fleet.root, target, shell, changes})
  await stopInstance(live, target, shell)
  forgetInstance(fleet.root, 'live', changes)
  store.clearLive()
  record({type: 'fact', name: 'stopped', value: {release: live.release}})
  say(`  ${shortDigest(live.release)} is stopped; its state stays in ${live.folder}`)
  return undefined
})
