// How a change of live reaches its servers and is verified at its end: by health levels, and by the quick phases.
import type {GoBack} from '../lib/cutover/goBack.ts'
import type {StepContext} from '../lib/step/step.ts'
import type {Target} from '../lib/target/target.ts'
import {climbServer} from './climbServer.ts'
import {verifyRollback} from './verifyRollback.ts'

export function liveWay(context: StepContext, target: Target): Omit<GoBack, 'transition'> {
  const {secrets, signal} = context
  return {
    context,
    target,
    attempt: (server, timeoutMs) =>
      climbServer(server, server.endpoint, {secrets: secrets('live'), signal}, undefined, timeoutMs),
    verify: () => verifyRollback(context, target),
  }
}
