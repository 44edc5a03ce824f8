// Ends every program of an environment's live instance. State, records and releases stay, so that pnpm start brings it back.
import {endStandby} from './lib/cutover/endStandby.ts'
import {changeName} from './lib/cutover/transition.ts'
import {readTransition} from './lib/cutover/transitionFile.ts'
import {UserError} from './lib/errors/userError.ts'
import {stopInstance} from './lib/instance/endInstance.ts'
import {readInstance} from './lib/instance/savedInstance.ts'
import {readStopped, saveStopped, stoppedBy} from './lib/instance/stoppedFile.ts'
import {shortDigest} from './lib/release/release.ts'
import {step} from './lib/step/step.ts'
import {phaseNames} from './phases/index.ts'
import {targetNames, targetOf} from './targets/index.ts'

const about = 'pnpm stop: ends every program of live; state, records and releases stay, and pnpm start brings it back.'

await step({name: '97-stop', about, targets: targetNames, phases: phaseNames, lockedTo: 'stop live'}, async context => {
  const {fleet, run, record, say, documents} = context
  const unfinished = await readTransition(documents, fleet.root)
  if (unfinished !== undefined)
    throw new UserError(
      `run ${unfinished.run} left a ${changeName(unfinished)} unfinished, so two instances of a server may run`,
      'pnpm resume',
    )
  const live = await readInstance(documents, fleet.root, 'live')
  if (live === undefined) throw new UserError(`nothing is live in ${fleet.environment}`, 'pnpm status')
  const target = targetOf(fleet.target)
  const shell = context.shell('live')
  const before = await readStopped(documents, live.folder)
  // On record first, so that after a kill in the middle it is known that nothing of it should run.
  if (before === undefined) await saveStopped(documents, live.folder, {at: new Date(), run})
  await endStandby({root: fleet.root, target, shell, documents})
  await stopInstance(live, target, shell)
  record({type: 'fact', name: 'stopped', value: {release: live.release}})
  say(
    `  ${shortDigest(live.release)} is ${before === undefined ? 'stopped' : stoppedBy(before)}; its state stays in ${live.folder}`,
  )
  say('  → pnpm start')
  return undefined
})
