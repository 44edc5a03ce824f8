// Says whether it is time for a look at live, and remembers the look in the environment.

import {handOn} from './lib/github/handOn.ts'
import {readDocument} from './lib/records/readDocument.ts'
import {z} from './lib/saved/zod.ts'
import {dueLook} from './lib/status/dueLook.ts'
import {looking} from './lib/step/looking.ts'
import {phaseNames} from './phases/index.ts'
import {targetNames} from './targets/index.ts'

await looking({targets: targetNames, phases: phaseNames}, async ({fleet, records, documents}) => {
  const live = await records.live()
  const key = 'looked.json'
  const now = Date.now()
  const looked = await readDocument<{at: string}>(documents, key, {
    what: 'when live was looked at',
    shape: z.looseObject({at: z.iso.datetime()}),
    remedy: `${documents.removal(key)}: live is then looked at again`,
  })
  const {due, everyMs} =
    live === undefined
      ? {due: false, everyMs: 0}
      : dueLook(now, Date.parse(live.since), looked === undefined ? undefined : Date.parse(looked.at))
  if (due) await documents.write(key, `${JSON.stringify({at: new Date(now).toISOString()})}\n`)
  handOn('GITHUB_OUTPUT', {due: due ? 'yes' : 'no'}, process.env)
  if (live === undefined) console.log(`nothing is live in ${fleet.environment}, so there is nothing to look at`)
  else
    console.log(
      `${due ? 'it is time for a look' : 'not yet'}: live since ${live.since}, looked at every ${everyMs / 60_000} minutes, last at ${looked?.at ?? 'no time yet'}`,
    )
  return undefined
})
