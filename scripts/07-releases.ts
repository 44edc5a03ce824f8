// Lists the releases that an environment knows: live, verified, rolled back or failed, where they were rehearsed, what they hold.

import {jsonText} from './lib/cli/printed.ts'
import {environmentRoots} from './lib/fleet/environmentRoots.ts'
import {folderRecords} from './lib/records/folderRecords.ts'
import {releaseLines} from './lib/status/releaseLines.ts'
import {looking} from './lib/step/looking.ts'
import {phaseNames} from './phases/index.ts'
import {targetNames} from './targets/index.ts'

await looking({targets: targetNames, phases: phaseNames}, async ({flags, fleet, raw, records, say}) => {
  const [known, live] = await Promise.all([records.releases(), records.live()])
  if (flags.json) {
    const shown = known.map(record => ({
      ...record,
      deployed: record.deployed && {...record.deployed, fleet: undefined},
    }))
    console.log(jsonText({live, records: shown}, 2))
    return undefined
  }
  const {roots, unknown: unread} = environmentRoots(raw, fleet.folder, process.env)
  const elsewhere = Object.fromEntries(
    await Promise.all(
      Object.entries(roots).map(async ([name, root]) => [name, await folderRecords(root).releases()] as const),
    ),
  )
  for (const line of releaseLines({environment: fleet.environment, records: known, live, elsewhere, unread})) say(line)
  return undefined
})
