// Checks the fleet file and says what is in it; every fault at once.
import {startBatches} from './lib/fleet/startBatches.ts'
import {looking} from './lib/looking.ts'
import {jsonText} from './lib/printed.ts'
import {phaseNames} from './phases/index.ts'
import {targetNames} from './targets/index.ts'

await looking({targets: targetNames, phases: phaseNames}, async ({fleet, flags}) => {
  if (flags.json) {
    console.log(jsonText(fleet, 2))
    return undefined
  }
  console.log(
    `✓ ${flags.fleetPath}: fleet ${fleet.name}, environment ${fleet.environment}, ${fleet.servers.length} servers`,
  )
  const {batches} = startBatches(fleet.servers)
  for (const [index, batch] of batches.entries()) {
    for (const name of batch) {
      const server = fleet.servers.find(candidate => candidate.name === name)
      console.log(
        `  ${index + 1}. ${name.padEnd(14)} ${server?.source.npm ?? server?.source.folder}${server?.bridge ? ` behind ${server.bridge.npm}` : ''}`,
      )
    }
  }
  for (const {check, server, until, reason} of fleet.accept)
    console.log(`  ~ accepted until ${until}: ${check} ${server ?? ''} (${reason})`)
  return undefined
})
