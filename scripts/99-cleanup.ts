// Ends the rehearsal, proves that live is as it was and records that; after a deploy it removes what is old. Gives the lock back.
import {removeTree} from './lib/files/removeTree.ts'
import {changesByItself} from './lib/instance/changesByItself.ts'
import {endInstance} from './lib/instance/endInstance.ts'
import {type Fingerprint, fingerprintLive} from './lib/instance/fingerprint.ts'
import {changedUncalled, judgeUnchanged} from './lib/instance/judgeUnchanged.ts'
import {calledBetween, liveTraffic, type Traffic} from './lib/instance/liveTraffic.ts'
import {instanceFolder} from './lib/instance/planInstance.ts'
import {readInstance} from './lib/instance/savedInstance.ts'
import type {Entry} from './lib/journal/entry.ts'
import {entriesOf, fact} from './lib/journal/facts.ts'
import {recordRehearsal} from './lib/records/recordRehearsal.ts'
import {step} from './lib/step/step.ts'
import {tidyLive} from './lib/tidy/tidyLive.ts'
import {phaseNames} from './phases/index.ts'
import {targetNames, targetOf} from './targets/index.ts'

await step(
  {
    name: '99-cleanup',
    targets: targetNames,
    phases: phaseNames,
    evenUnrecorded: true,
    lockedTo: 'clean up',
    endsRun: true,
  },
  async context => {
    const {fleet, run, record, records, documents, entries} = context
    const target = targetOf(fleet.target)
    const name = `rehearsal-${run}`
    const shell = context.shell(name)
    const twin = await readInstance(documents, fleet.root, name)
    if (twin !== undefined) await endInstance(twin, target, shell)
    // Killed before it was described: nothing of it was started yet.
    else removeTree(instanceFolder(fleet.root, name))
    const before = fact<Fingerprint>(entries(), 'fingerprint.before')
    if (before === undefined) {
      if (changedLive(entries())) await tidyLive(context)
      return undefined
    }

    // Another run that has the lock by now may have changed live, so that nothing could be told about this one.
    context.changes.assert()
    const live = await readInstance(documents, fleet.root, 'live')
    const after = await fingerprintLive(live, target, shell, records)
    record({type: 'fact', name: 'fingerprint.after', value: after})
    const called = calledBetween(fact<Traffic>(entries(), 'traffic.before') ?? {}, await liveTraffic(live))
    const uncalled = changedUncalled(before, after, called)
    const servers = live?.servers.filter(server => uncalled.includes(server.name)) ?? []
    const alone = await changesByItself({servers, signal: context.signal})
    const {check, unproved} = judgeUnchanged(before, after, called, alone)
    record(...unproved, check)
    await recordRehearsal({entries: entries(), run, records, now: new Date(), during: '99-cleanup'})
    return check.verdict
  },
)

/** A rehearsal, and a run that went wrong, leave everything of live alone; one that was found good and `pnpm cleanup` tidy up. */
function changedLive(entries: readonly Entry[]): boolean {
  const alone = entriesOf(entries, 'run')[0]?.pipeline === '99-cleanup'
  return alone || entriesOf(entries, 'release').some(({event}) => event === 'verified')
}
