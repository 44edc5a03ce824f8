// Compares the release with what is live and writes the difference down as a hashed plan.
import {join} from 'node:path'
import {readInstance} from './lib/instance/savedInstance.ts'
import {makePlan} from './lib/plan.ts'
import {builtRelease} from './lib/release/builtRelease.ts'
import {readRelease} from './lib/release/readRelease.ts'
import type {Release} from './lib/release/release.ts'
import {step} from './lib/step.ts'
import {writeAtomically} from './lib/writeAtomically.ts'
import {phaseNames} from './phases/index.ts'
import {targetNames} from './targets/index.ts'

await step(
  {name: '40-plan', targets: targetNames, phases: phaseNames},
  async ({fleet, entries, record, runFolder, say, store}) => {
    const {release} = builtRelease(entries(), fleet.folder)
    const pointer = store.live()
    const live = pointer && readInstance(fleet.root, 'live')
    const side = (of: Release) => ({release: of, record: store.record(of.digest)})
    const plan = makePlan(side(release), live && side(readRelease(live.releaseFolder)), pointer)
    const path = join(runFolder, 'plan.json')
    writeAtomically(path, `${JSON.stringify(plan, null, 2)}\n`)
    record({type: 'fact', name: 'plan', value: plan})
    record({type: 'release', release: release.digest, event: 'planned', detail: plan.summary})
    for (const change of plan.changes) say(`  ${change.change.padEnd(13)} ${change.server}: ${change.detail}`)
    return undefined
  },
)
