// Lists the releases that an environment knows: which is live, which were verified, and what they hold.
import {looking} from './lib/looking.ts'
import {jsonText} from './lib/printed.ts'
import {releaseLines} from './lib/releaseLines.ts'
import {phaseNames} from './phases/index.ts'
import {targetNames} from './targets/index.ts'

await looking({targets: targetNames, phases: phaseNames}, async ({flags, fleet, store, say}) => {
  const records = store.records()
  if (flags.json)
    console.log(jsonText({live: store.live(), records: records.map(record => ({...record, deployed: undefined}))}, 2))
  else for (const line of releaseLines(fleet.environment, records, store.live())) say(line)
  return undefined
})
