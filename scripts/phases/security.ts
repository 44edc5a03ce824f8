// A server opens no more than it declares, tells no secret, holds none in its code, and does not steer models (row C11).
import type {Phase} from './phase.ts'
import {type Advisories, advisories} from './security/advisories.ts'
import {judgeAdvisories} from './security/advisoryChecks.ts'
import {credentialScanner} from './security/credentialScanner.ts'
import {judgeDescriptions} from './security/flagChecks.ts'
import {judgeAnswers, judgeLog} from './security/leakChecks.ts'
import {lookAtLog, lookAtServer} from './security/lookAtServer.ts'
import {judgeProcesses} from './security/processChecks.ts'
import type {SecuritySeen} from './security/securitySeen.ts'
import {judgeSources} from './security/sourceChecks.ts'

interface FleetSeen {
  /** The log of the ingress, which every secret of every client goes through. */
  log: SecuritySeen['log']
  advisories: Advisories
}

export const security: Phase<SecuritySeen, FleetSeen> = {
  name: 'security',
  title: 'No server exposes more than it declares, or manipulates the models that use it',
  deadlineMs: settings => (settings?.client.timeoutMs ?? 5000) * 5 + 10_000,

  server: {
    observe: lookAtServer,
    evidence: () => ({have: 1, need: 1, what: 'looks'}),
    judge: seen => [
      ...judgeProcesses(seen),
      judgeLog(seen.log),
      judgeAnswers(seen.answers),
      judgeDescriptions(seen.descriptions),
      ...judgeSources(seen.sources),
    ],
  },

  fleet: {
    observe: async context => {
      const {instance, folder, secrets, signal} = context
      const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !(name in secrets)))
      const [log, asked] = await Promise.all([
        lookAtLog(context, 'ingress', await credentialScanner()),
        advisories({releaseFolder: instance.releaseFolder, folder, environment, now: new Date(), signal}),
      ])
      return {log, advisories: asked}
    },
    evidence: () => ({have: 1, need: 1, what: 'looks'}),
    judge: ({log, advisories: seen}) => [judgeLog(log), judgeAdvisories(seen)],
  },
}
