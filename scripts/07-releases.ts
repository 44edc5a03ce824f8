// Lists the releases that an environment knows: live, verified, rolled back or failed, where they were rehearsed, what they hold.
import {environmentRoots} from './lib/fleet/environmentRoots.ts'
import {looking} from './lib/looking.ts'
import {jsonText} from './lib/printed.ts'
import {releaseLines} from './lib/releaseLines.ts'
import {folderStore} from './lib/store/folderStore.ts'
import {phaseNames} from './phases/index.ts'
import {targetNames} from './targets/index.ts'

await looking({targets: targetNames, phases: phaseNames}, async ({flags, fleet, raw, store, say}) => {
  const records = store.records()
  const live = store.live()
  if (flags.json) {
    const shown = records.map(record => ({
      ...record,
      deployed: record.deployed && {...record.deployed, fleet: undefined},
    }))
    console.log(jsonText({live, records: shown}, 2))
    return undefined
  }
  const {roots, unknown: unread} = environmentRoots(raw, fleet.folder, process.env)
  const elsewhere = Object.fromEntries(Object.entries(roots).map(([name, root]) => [name, folderStore(root).records()]))
  for (const line of releaseLines({environment: fleet.environment, records, live, elsewhere, unread})) say(line)
  return undefined
})
