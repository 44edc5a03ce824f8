// Tells GitHub that a run began: a deployment, queued and then in progress; with --cancelled that it is being ended.

import {gitHubPlace} from './lib/fleet/place.ts'
import {announce} from './lib/github/announce.ts'
import {openGitHub} from './lib/github/github.ts'
import {purposeOf} from './lib/journal/finalState.ts'
import {reportUntold} from './lib/notify/told.ts'
import {tellingStep} from './lib/step/tellingStep.ts'

await tellingStep({name: '12-announce', tells: 'GitHub', flags: {cancelled: {type: 'boolean'}}}, async context => {
  const place = gitHubPlace(process.env)
  if ('why' in place) {
    reportUntold(context, 'GitHub', 'that the run began', place.why)
    return
  }
  const github = await openGitHub(place, {signal: context.signal, deadlineMs: 20_000})
  const {run, flags, entries} = context
  await announce(github, context, {
    run,
    environment: flags.environment,
    purpose: purposeOf(entries()),
    cancelled: flags.own.cancelled === true,
  })
})
