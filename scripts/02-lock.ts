// Locks every npm package of the fleet with the integrity of all that it needs.

import {lockFleet} from './lib/release/lockFleet.ts'
import {looking} from './lib/step/looking.ts'
import {phaseNames} from './phases/index.ts'
import {targetNames} from './targets/index.ts'

await looking(
  {targets: targetNames, phases: phaseNames, flags: {refresh: {type: 'boolean'}}},
  async ({fleet, flags, signal, say}) => {
    const {written, kept, unused, scripts} = await lockFleet({fleet, signal, refresh: flags.own.refresh === true})
    for (const key of [...written, ...kept]) {
      say(written.includes(key) ? `✓ locked ${key}` : `  ${key} has a good lock`)
      for (const one of scripts[key] ?? []) say(scriptLine(one))
    }
    for (const key of unused) say(`  ${key} is used by no server: remove locks/${key}`)
    return undefined
  },
)

function scriptLine({name, version, allowed}: {name: string; version: string; allowed: boolean}): string {
  return allowed
    ? `  ! ${name}@${version} has an install script, which runs when the package is built: the fleet file allows it`
    : `  ! ${name}@${version} has an install script, which does not run; if the server needs what it makes, such as a native addon, add scripts: [${name}] beside npm: in the fleet file`
}
