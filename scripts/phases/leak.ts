// What clients leave behind costs a server no memory for good: those who vanish are compared with those who say goodbye.

import type {ServerCopy} from '../lib/cutover/startCopy.ts'
import type {InstanceServer} from '../lib/target/instance.ts'
import {judgeLeak} from './leak/judgeLeak.ts'
import type {LeakSeen} from './leak/leakSeen.ts'
import {measureArms} from './leak/measureArms.ts'
import {kindOfVisit} from './leak/visits.ts'
import type {Phase, PhaseContext} from './phase.ts'

export const leak: Phase<LeakSeen> = {
  name: 'leak',
  title: 'The memory of abandoned sessions is freed',
  only: 'rehearsal',
  slow: true,
  carries: true,
  serversAtOnce: 4,
  // Starting, the time to measure, and one round that began just before it was up.
  deadlineMs: settings =>
    settings ? (settings.limits.startupSeconds + settings.limits.leakSeconds * 2 + 30) * 1000 : 60_000,

  server: {
    observe,
    evidence: ({rounds}) => ({have: rounds.length, need: 1, what: 'rounds of visits'}),
    judge: judgeLeak,
  },
}

async function observe(context: PhaseContext, server: InstanceServer): Promise<LeakSeen> {
  const {leakKilobytesPerSession, leakSeconds} = server.settings.limits
  await using copies = new AsyncDisposableStack()
  const start = () => context.startCopy(server, {signal: context.signal, tellsMemory: true})
  const [abandoned, terminated] = await both(start, copies)
  const unmeasured = (ended: string): LeakSeen => ({visit: 'session', rounds: [], failed: 0, ended})
  const broken = [abandoned, terminated].find(copy => !copy.ready)
  if (broken !== undefined) return unmeasured(`a copy did not come up: ${broken.detail}`)
  const {kind, summary} = await kindOfVisit(terminated, context)
  if (kind === undefined) return unmeasured(`it could not be opened: ${summary}`)
  const budget = {limitBytes: leakKilobytesPerSession * 1024, budgetMs: leakSeconds * 1000}
  return await measureArms({abandoned, terminated}, kind, budget, context)
}

// Both at the same time, so that they begin equal; whichever came up is ended when the other did not.
async function both(start: () => Promise<ServerCopy>, copies: AsyncDisposableStack): Promise<[ServerCopy, ServerCopy]> {
  const started = await Promise.allSettled([start(), start()])
  for (const one of started) if (one.status === 'fulfilled') copies.use(one.value)
  const [first, second] = started.map(one => {
    if (one.status === 'rejected') throw one.reason
    return one.value
  }) as [ServerCopy, ServerCopy]
  return [first, second]
}
