// A health signal is believed only after it was seen to notice a broken server: copies of it are broken on purpose.
import type {InstanceServer} from '../lib/target/instance.ts'
import type {Phase, PhaseContext} from './phase.ts'
import {beginBroken} from './truth/beginBroken.ts'
import {breakRunning} from './truth/breakRunning.ts'
import type {FaultSeen} from './truth/faultSeen.ts'
import {judgeFaults} from './truth/judgeFault.ts'
import {look} from './truth/look.ts'

interface TruthSeen {
  /** Why nothing was broken: the copy was not healthy to begin with. */
  unbroken?: string
  faults: FaultSeen[]
}

export const truth: Phase<TruthSeen> = {
  name: 'truth',
  title: 'Health checks detect a broken server',
  only: 'rehearsal',
  slow: true,
  carries: true,
  serversAtOnce: 4,
  deadlineMs: settings => (settings ? settings.limits.startupSeconds * 4000 + 60_000 : 60_000),

  server: {
    observe,
    evidence: ({faults, unbroken}) => ({
      have: faults.length,
      need: 1,
      what: unbroken === undefined ? 'faults' : `faults (${unbroken})`,
    }),
    judge: ({faults}, settings) => judgeFaults(faults, settings),
  },
}

async function observe(context: PhaseContext, server: InstanceServer): Promise<TruthSeen> {
  const beganAt = performance.now()
  await using copy = await context.startCopy(server, {signal: context.signal})
  if (!copy.ready) return {faults: [], unbroken: `a copy did not come up: ${copy.detail}`}
  const startMs = performance.now() - beganAt
  const {holds, ms, summary} = await look(copy, context)
  if (!holds) return {faults: [], unbroken: `a copy was not healthy: ${summary}`}
  const [running, begun] = await Promise.all([
    breakRunning(copy, context),
    beginBroken(context, server, {startMs, climbMs: ms}),
  ])
  return {faults: [...running, ...begun]}
}
