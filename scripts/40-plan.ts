// Compares the release with what is live and writes the difference down as a hashed plan.
import {join} from 'node:path'
import {differenceLine} from './lib/contract/differenceLines.ts'
import {writeAtomically} from './lib/files/writeAtomically.ts'
import {readInstance} from './lib/instance/savedInstance.ts'
import {makePlan} from './lib/plan/plan.ts'
import {recordedContract} from './lib/records/recordedContract.ts'
import {builtRelease} from './lib/release/builtRelease.ts'
import {releaseIn} from './lib/release/readRelease.ts'
import type {Release} from './lib/release/release.ts'
import {step} from './lib/step/step.ts'
import {phaseNames} from './phases/index.ts'
import {targetNames} from './targets/index.ts'

// The plan file and the report have them all.
const shownAtMost = 12

await step(
  {name: '40-plan', targets: targetNames, phases: phaseNames},
  async ({fleet, entries, record, runFolder, say, records, documents}) => {
    const {release, path: folder} = builtRelease(entries(), fleet.folder)
    const pointer = await records.live()
    const live = pointer && (await readInstance(documents, fleet.root, 'live'))
    const side = async (of: Release, releaseFolder: string) => {
      const contracts = await Promise.all(
        Object.keys(of.servers).map(async server => {
          return [server, await recordedContract({server, release: of.digest, releaseFolder, records})] as const
        }),
      )
      return {release: of, contracts: new Map(contracts)}
    }
    const running = live && releaseIn(live.releaseFolder)
    const liveSide = live && running?.release && (await side(running.release, live.releaseFolder))
    if (running?.fault !== undefined)
      say(`  what is live cannot be read, so every server counts as new: ${running.fault}`)
    const plan = makePlan(await side(release, folder), liveSide, pointer)
    const path = join(runFolder, 'plan.json')
    writeAtomically(path, `${JSON.stringify(plan, null, 2)}\n`)
    record({type: 'fact', name: 'plan', value: plan})
    record({type: 'release', release: release.digest, event: 'planned', detail: plan.summary})
    for (const change of plan.changes) {
      say(`  ${change.change.padEnd(13)} ${change.server}: ${change.detail}`)
      for (const difference of change.differences?.slice(0, shownAtMost) ?? []) say(`    ${differenceLine(difference)}`)
    }
    return undefined
  },
)
