// Every server answers a real tool call, from inside and through the ingress, and goes on doing so.
import {setTimeout as pause} from 'node:timers/promises'
import {judgeSupervised} from '../lib/instance/judgeSupervised.ts'
import type {JsonObject} from '../lib/mcp/jsonRpc.ts'
import {isLate} from '../lib/mcp/ladder.ts'
import {loadSdk, type SecondOpinion, secondOpinion} from '../lib/mcp/secondOpinion.ts'
import {type InstanceServer, isRehearsal} from '../lib/target/instance.ts'
import type {ProgramStatus} from '../lib/target/target.ts'
import {headersOf} from './clientOf.ts'
import {climbServer} from './climbServer.ts'
import {type HealthAnswer, healthAnswer} from './healthAnswer.ts'
import {
  judgeIsolated,
  judgeLadder,
  judgeLogVolume,
  judgeOpinion,
  judgeOwnPath,
  judgeResources,
  judgeSteady,
} from './healthChecks.ts'
import {judgeSameForm} from './healthForm.ts'
import type {HealthSeen, Steady} from './healthSeen.ts'
import type {Phase, PhaseContext} from './phase.ts'

/** A climb that takes longer waits for its server; the next one begins meanwhile. */
const turnMs = 1000

interface HealthOfFleet {
  answers: Record<string, HealthAnswer>
  /** The ingress too. */
  programs: ProgramStatus[]
}

export const health: Phase<HealthSeen, HealthOfFleet> = {
  name: 'health',
  title: 'Every server answers a real tool call, and keeps answering',
  // A guard against what never ends. What is only slow must come to its own judgement first: a climb is five requests,
  // each bounded by healthMs, three climbs follow one another, and before two of them others have their turn.
  deadlineMs: (settings, servers) =>
    settings
      ? settings.limits.steadySeconds * 1000 +
        settings.limits.healthMs * 17 +
        settings.client.timeoutMs +
        2 * servers * turnMs
      : 10_000,

  server: {
    observe: async (context, server) => {
      // Loading it takes longer than a climb, and would count as the time of every server.
      await loadSdk()
      const before = await statusOf(context, server)
      const seen = await context.inTurn(() => climbBoth(server, context), turnMs)
      const [opinion, answer] = await Promise.all([
        askOther(server, context),
        healthAnswer(
          `${context.instance.ingress.url}/${server.name}/health`,
          context.signal,
          server.settings.limits.healthMs,
        ),
      ])
      return {...seen, opinion, answer, steady: await keepClimbing(server, context, before)}
    },
    evidence: seen => ({have: seen.steady.climbs + 2, need: 3, what: 'climbs of the health ladder'}),
    judge: (seen, settings) => [
      {...judgeLadder('ladder-inside', seen.inside, settings), load: seen.load},
      {...judgeLadder('ladder-through-ingress', seen.through, settings), load: seen.load},
      judgeOpinion(seen.through, seen.opinion),
      ...judgeSteady(seen.steady, settings),
      ...judgeOwnPath(seen.inside, settings),
      ...judgeResources(seen.steady.after, settings),
      ...judgeLogVolume(seen.steady.after, settings, seen.steady.lookedAtMs),
    ],
  },

  fleet: {
    observe: async (context, servers) => ({
      answers: Object.fromEntries([...servers].map(([name, seen]) => [name, seen.answer])),
      programs: await context.inspect(),
    }),
    evidence: ({answers}) => ({have: Object.keys(answers).length, need: 1, what: 'health answers'}),
    judge: ({answers, programs}) => [judgeSameForm(answers), judgeSupervised(programs), judgeIsolated(programs)],
  },
}

// As many servers are climbed at a time as there are cores, each address for itself: what is measured is the server's time.
async function climbBoth(
  server: InstanceServer,
  context: PhaseContext,
): Promise<Pick<HealthSeen, 'inside' | 'through' | 'load'>> {
  const from = context.machine?.now()
  const inside = await climbServer(server, server.endpoint, context, server.settings.health)
  const through = await climbServer(server, server.through, context)
  return {inside, through, load: from === undefined ? undefined : context.machine?.since(from)}
}

function askOther(server: InstanceServer, context: PhaseContext): Promise<SecondOpinion> {
  const {probe, client} = server.settings
  return secondOpinion({
    url: server.through,
    headers: headersOf(server, context),
    probe: probe && {
      tool: probe.tool,
      arguments: probe.arguments as JsonObject,
      outcome: probe.expect.outcome,
    },
    timeoutMs: client.timeoutMs,
    signal: context.signal,
  })
}

async function keepClimbing(
  server: InstanceServer,
  context: PhaseContext,
  before: ProgramStatus | undefined,
): Promise<Steady> {
  const beganAt = performance.now()
  const forMs = server.settings.limits.steadySeconds * 1000
  const failures: string[] = []
  let climbs = 0
  let late = 0
  // At least one climb more, also when the fleet file asks for no steady time.
  do {
    // The last climb begins when the steady time is over, not a whole interval after the one before.
    const leftMs = Math.max(0, forMs - (performance.now() - beganAt))
    await pause(Math.min(server.settings.limits.healthIntervalMs, leftMs), undefined, {signal: context.signal})
    const climbed = await context.inTurn(() => climbServer(server, server.endpoint, context), turnMs)
    climbs += 1
    if (!climbed.holds) failures.push(climbed.summary)
    if (isLate(climbed)) late += 1
  } while (performance.now() - beganAt < forMs)
  return {
    forMs,
    climbs,
    failures,
    late,
    before,
    after: await statusOf(context, server),
    sinceStart: isRehearsal(context.instance),
    lookedAtMs: Date.now(),
  }
}

async function statusOf(context: PhaseContext, server: InstanceServer): Promise<ProgramStatus | undefined> {
  return (await context.inspect()).find(program => program.name === server.name)
}
