// Locks every npm package of the fleet with the integrity of all that it needs.
import {looking} from './lib/looking.ts'
import {lockFleet} from './lib/release/lockFleet.ts'
import {phaseNames} from './phases/index.ts'
import {targetNames} from './targets/index.ts'

await looking(
  {targets: targetNames, phases: phaseNames, flags: {refresh: {type: 'boolean'}}},
  async ({fleet, flags, signal}) => {
    const {written, kept, unused} = await lockFleet({fleet, signal, refresh: flags.own.refresh === true})
    for (const key of written) console.log(`✓ locked ${key}`)
    for (const key of kept) console.log(`  ${key} has a good lock`)
    for (const key of unused) console.log(`  ${key} is used by no server: remove locks/${key}`)
    return undefined
  },
)
