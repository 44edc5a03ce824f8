// Checks the fleet file and says what is in it; every fault at once.

import {jsonText} from './lib/cli/printed.ts'
import {startBatches} from './lib/fleet/startBatches.ts'
import {placeFaults} from './lib/release/placeFaults.ts'
import {looking} from './lib/step/looking.ts'
import {phaseNames} from './phases/index.ts'
import {count} from './reporters/model/words.ts'
import {targetNames} from './targets/index.ts'

const definition = {targets: targetNames, phases: phaseNames, moreFaults: placeFaults}

await looking(definition, async ({fleet, flags, say}) => {
  if (flags.json) {
    console.log(jsonText(fleet, 2))
    return undefined
  }
  say(
    `✓ ${flags.fleetPath}: fleet ${fleet.name}, environment ${fleet.environment}, ${count(fleet.servers.length, 'server')}`,
  )
  const {batches} = startBatches(fleet.servers)
  for (const [index, batch] of batches.entries()) {
    for (const name of batch) {
      const server = fleet.servers.find(candidate => candidate.name === name)
      say(
        `  ${index + 1}. ${name.padEnd(14)} ${server?.source.npm ?? server?.source.folder}${server?.bridge ? ` behind ${server.bridge.npm}` : ''}`,
      )
    }
  }
  for (const {check, server, until, reason} of fleet.accept)
    say(`  ~ accepted until ${until}: ${check} ${server ?? ''} (${reason})`)
  for (const {name, reach} of fleet.contacts)
    if (/replace this line/i.test(reach)) say(`  ! contacts: ${name} has no number yet: replace "${reach}"`)
  return undefined
})
