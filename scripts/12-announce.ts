// Tells GitHub that a run began: a deployment, queued and then in progress; with --cancelled that it is being ended.
import {announce} from './lib/github/announce.ts'
import {gitHubPlace} from './lib/github/place.ts'
import {openGitHub} from './lib/github.ts'
import {purposeOf} from './lib/journal/finalState.ts'
import {tellingStep} from './lib/tellingStep.ts'
import {reportUntold} from './lib/told.ts'

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
