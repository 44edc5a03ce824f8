// Tells people how a run ended, at the destinations that the fleet file names; nothing that comes of it changes the run.

import {gitHubLogUrl} from './lib/fleet/place.ts'
import {readFleet} from './lib/fleet/readFleet.ts'
import {decisiveVerdict, entriesOf} from './lib/journal/facts.ts'
import {finalState} from './lib/journal/finalState.ts'
import {alertText} from './lib/notify/alertText.ts'
import {sendAlerts} from './lib/notify/sendAlerts.ts'
import {reportUntold} from './lib/notify/told.ts'
import {tellingStep} from './lib/step/tellingStep.ts'
import {phaseNames} from './phases/index.ts'
import {targetNames} from './targets/index.ts'

await tellingStep({name: '94-notify', tells: 'people'}, async context => {
  const {flags, entries, signal, redact} = context
  const seen = redact(entries())
  const state = finalState(seen)
  const today = new Date().toISOString().slice(0, 10)
  const known = {targets: targetNames, phases: phaseNames, today}
  try {
    const {fleet, variables} = readFleet(flags.fleetPath, flags.environment, process.env, known)
    if (state === undefined) throw new Error('its journal has no beginning')
    const bad = entriesOf(seen, 'check')
      .filter(check => !['pass', 'skip'].includes(decisiveVerdict(check)))
      .map(({check, server}) => (server === undefined ? check : `${check} ${server}`))
    const alert = alertText({state, bad, contacts: fleet.contacts, logUrl: gitHubLogUrl(process.env)})
    await sendAlerts({teller: context, signal, alert, destinations: fleet.notify, secrets: variables})
  } catch (thrown) {
    // A fleet file that is faulty has told so already, in the step that needed it.
    reportUntold(context, 'anybody', 'how the run ended', (thrown as Error).message.split('\n')[0] ?? '')
  }
})
