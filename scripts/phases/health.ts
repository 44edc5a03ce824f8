// Every server answers a real tool call, from inside and through the ingress, and goes on doing so.
import {setTimeout as pause} from 'node:timers/promises'
import {type InstanceServer, isRehearsal} from '../lib/instance/instance.ts'
import type {JsonObject} from '../lib/mcp/jsonRpc.ts'
import type {Climb} from '../lib/mcp/ladder.ts'
import {type SecondOpinion, secondOpinion} from '../lib/mcp/secondOpinion.ts'
import type {ProgramStatus} from '../lib/target.ts'
import {headersOf} from './clientOf.ts'
import {climbServer} from './climbServer.ts'
import {type HealthAnswer, healthAnswer} from './healthAnswer.ts'
import {judgeLadder, judgeLogVolume, judgeOpinion, judgeOwnPath, judgeResources, judgeSteady} from './healthChecks.ts'
import {judgeSameForm} from './healthForm.ts'
import type {Phase, PhaseContext} from './phase.ts'

export interface HealthSeen {
  inside: Climb
  through: Climb
  opinion: SecondOpinion
  steady: Steady
  /** What the ingress says of this server at `/<server>/health`. */
  answer: HealthAnswer
}

export interface Steady {
  forMs: number
  climbs: number
  /** Why a climb failed, in order. */
  failures: string[]
  before: ProgramStatus | undefined
  after: ProgramStatus | undefined
  /** A rehearsal began just now, so each restart since its start counts; live may have had one weeks ago. */
  sinceStart: boolean
  /** When `after` was observed, in ms since 1970. */
  lookedAtMs: number
}

export const health: Phase<HealthSeen, Record<string, HealthAnswer>> = {
  name: 'health',
  title: 'Every server answers a real tool call, and goes on doing so',
  // A guard against what never ends. What is only slow must come to its own judgement first: a climb is five requests,
  // each bounded by healthMs, and two climbs follow one another.
  deadlineMs: settings =>
    settings
      ? settings.limits.steadySeconds * 1000 + settings.limits.healthMs * 12 + settings.client.timeoutMs
      : 10_000,

  server: {
    observe: async (context, server) => {
      const before = await statusOf(context, server)
      const [inside, through, opinion, answer] = await Promise.all([
        climbServer(server, server.endpoint, context, server.settings.health),
        climbServer(server, server.through, context),
        askOther(server, context),
        healthAnswer(
          `${context.instance.ingress.url}/${server.name}/health`,
          context.signal,
          server.settings.limits.healthMs,
        ),
      ])
      return {inside, through, opinion, answer, steady: await keepClimbing(server, context, before)}
    },
    evidence: seen => ({have: seen.steady.climbs + 2, need: 3, what: 'climbs of the health ladder'}),
    judge: (seen, settings) => [
      judgeLadder('ladder-inside', seen.inside, settings),
      judgeLadder('ladder-through-ingress', seen.through, settings),
      judgeOpinion(seen.through, seen.opinion),
      ...judgeSteady(seen.steady, settings),
      ...judgeOwnPath(seen.inside, settings),
      ...judgeResources(seen.steady.after, settings),
      ...judgeLogVolume(seen.steady.after, settings, seen.steady.lookedAtMs),
    ],
  },

  fleet: {
    observe: async (_, servers) => Object.fromEntries([...servers].map(([name, seen]) => [name, seen.answer])),
    evidence: answers => ({have: Object.keys(answers).length, need: 1, what: 'health answers'}),
    judge: answers => [judgeSameForm(answers)],
  },
}

function askOther(server: InstanceServer, context: PhaseContext): Promise<SecondOpinion> {
  const {probe, client} = server.settings
  return secondOpinion({
    url: server.through,
    headers: headersOf(server, context),
    probe: probe && {tool: probe.tool, arguments: probe.arguments as JsonObject},
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
  // At least one climb more, also when the fleet file asks for no steady time.
  do {
    // The last climb begins when the steady time is over, not a whole interval after the one before.
    const leftMs = Math.max(0, forMs - (performance.now() - beganAt))
    await pause(Math.min(server.settings.limits.healthIntervalMs, leftMs), undefined, {signal: context.signal})
    const {holds, summary} = await climbServer(server, server.endpoint, context)
    climbs += 1
    if (!holds) failures.push(summary)
  } while (performance.now() - beganAt < forMs)
  return {
    forMs,
    climbs,
    failures,
    before,
    after: await statusOf(context, server),
    sinceStart: isRehearsal(context.instance),
    lookedAtMs: Date.now(),
  }
}

async function statusOf(context: PhaseContext, server: InstanceServer): Promise<ProgramStatus | undefined> {
  return (await context.inspect()).find(program => program.name === server.name)
}
