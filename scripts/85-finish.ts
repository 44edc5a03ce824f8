// Ends a live change that was found good: old copies drain and stop, and the release is recorded as verified.
import {finishTransition} from './lib/cutover/finishTransition.ts'
import {readTransition} from './lib/cutover/transitionFile.ts'
import {UserError} from './lib/errors/userError.ts'
import {verdictOf} from './lib/journal/facts.ts'
import {wholeRelease} from './lib/release/wholeRelease.ts'
import {step} from './lib/step/step.ts'
import {phaseNames} from './phases/index.ts'
import {targetNames, targetOf} from './targets/index.ts'

await step(
  {name: '85-finish', targets: targetNames, phases: phaseNames, lockedTo: 'finish a deploy'},
  async context => {
    const {fleet, run, entries, signal, documents} = context
    const transition = await readTransition(documents, fleet.root)
    if (transition?.run !== run) throw new UserError(`run ${run} has no change of live to finish`, 'pnpm status')
    const verdict = verdictOf(entries(), '85-finish')
    if (verdict !== 'pass')
      throw new UserError(`the release was judged ${verdict}, so it is not recorded as verified`, 'pnpm rollback')
    await finishTransition(transition, context, targetOf(fleet.target))
    // Read whole now, when nobody waits, so that a rollback to it need not: what is wrong with it is told before the next deploy.
    if (transition.to !== undefined) await wholeRelease(transition.to.releaseFolder, signal)
    return undefined
  },
)
