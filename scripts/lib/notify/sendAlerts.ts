// Tells every destination of an environment how a run ended, all at the same time, each once.
import type {Destination} from '../fleet/notify.ts'
import type {SecretValues} from '../fleet/secrets.ts'
import type {FinalState} from '../journal/finalState.ts'
import {alertRequest} from './alertRequest.ts'
import type {Alert} from './alertText.ts'
import {postAlert} from './postAlert.ts'
import {type Teller, tellOnce} from './told.ts'

export interface SendAlerts {
  teller: Teller
  signal: AbortSignal
  alert: Alert
  destinations: readonly Destination[]
  secrets: SecretValues
  deadlineMs?: number
}

/** Never throws, and takes no longer than the deadline. */
export async function sendAlerts(sending: SendAlerts): Promise<void> {
  const {teller, signal, alert, destinations, secrets, deadlineMs = 5000} = sending
  const wanted = destinations.filter(one => isWantedBy(one, alert))
  await Promise.all(
    wanted.map(one =>
      tellOnce(teller, nameOf(one), `that the run ended ${alert.outcome}`, () =>
        send(one, {alert, secrets, deadlineMs, signal}),
      ),
    ),
  )
}

async function send(
  destination: Destination,
  {alert, secrets, deadlineMs, signal}: Pick<Required<SendAlerts>, 'alert' | 'secrets' | 'deadlineMs' | 'signal'>,
): Promise<void> {
  await postAlert(alertRequest(destination, secrets[destination.secret], alert), deadlineMs, signal)
}

export function isWantedBy({on, rehearsals}: Destination, {outcome, purpose, isNews}: FinalState): boolean {
  return isNews && on.includes(outcome) && (purpose !== 'rehearsal' || rehearsals)
}

// Two chats of one bot are two destinations.
function nameOf({channel, secret, chat}: Destination): string {
  return chat === undefined ? `${channel} ${secret}` : `${channel} ${secret} ${chat}`
}
