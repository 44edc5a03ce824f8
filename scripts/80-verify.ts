// Runs every phase that this run has not judged yet, or those that --phase names.
import {currentInstance} from './lib/instance/currentInstance.ts'
import {entriesOf} from './lib/journal/facts.ts'
import {readRelease} from './lib/release/readRelease.ts'
import {type StepContext, step} from './lib/step/step.ts'
import {type CarryOver, carryOver} from './phases/carryOver.ts'
import {phaseNames, phasesOf} from './phases/index.ts'
import type {Phase} from './phases/phase.ts'
import {runPhases} from './phases/runPhases.ts'
import {credentialScanner} from './phases/security/credentialScanner.ts'
import {warmClients} from './phases/warmClients.ts'
import {targetNames, targetOf} from './targets/index.ts'

const flags = {quick: {type: 'boolean'}, fresh: {type: 'boolean'}} as const

const warmUp = () => Promise.all([phasesOf([]), warmClients(), credentialScanner()])

await step({name: '80-verify', targets: targetNames, phases: phaseNames, flags, warmUp}, async context => {
  const named = await phasesOf(context.flags.phases)
  const judged = new Set(entriesOf(context.entries(), 'check').map(check => check.phase))
  // Continuity is about a change; where none was made under witness there is nothing to judge.
  const changed = entriesOf(context.entries(), 'fact').some(entry => entry.name.startsWith('witness.'))
  if (!changed) judged.add('continuity')
  const wanted = context.flags.phases.length > 0 ? named : named.filter(phase => !judged.has(phase.name))
  const leftOut = (phase: Phase) => context.flags.own.quick === true && phase.slow === true
  for (const {name, title} of wanted.filter(leftOut)) {
    context.record({
      type: 'check',
      phase: name,
      check: `${name}/applies`,
      verdict: 'skip',
      detail: 'left out by --quick',
    })
    context.record({type: 'fact', name: 'unproved', value: {what: title, why: 'left out by --quick'}})
  }
  return runPhases(
    context,
    targetOf(context.fleet.target),
    wanted.filter(phase => !leftOut(phase)),
    {carryOver: await earlier(context)},
  )
})

// Who names a phase wants it done.
async function earlier(context: StepContext): Promise<CarryOver | undefined> {
  const {entries, folder, run} = context
  const {own, phases} = context.flags
  const instance = await currentInstance(entries(), context)
  const release = readRelease(instance.releaseFolder)
  const fresh = own.fresh === true || phases.length > 0
  return carryOver({instance, release, folder, run, now: new Date(), fresh})
}
