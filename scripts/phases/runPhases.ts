// Runs phases over the instance that a step looks at, and says which of the fleet file's acceptances covered nothing.

import {availableParallelism} from 'node:os'
import {limitConcurrency} from '../lib/async/limitConcurrency.ts'
import {shared} from '../lib/async/shared.ts'
import {copyStarter} from '../lib/cutover/startCopy.ts'
import {type Verdict, worst} from '../lib/errors/verdict.ts'
import type {Limits} from '../lib/fleet/schema.ts'
import {chosenServers, currentInstance} from '../lib/instance/currentInstance.ts'
import type {CheckEntry} from '../lib/journal/entry.ts'
import {decisiveVerdict} from '../lib/journal/facts.ts'
import {contractRecords} from '../lib/records/contractRecords.ts'
import type {StepContext} from '../lib/step/step.ts'
import type {Instance} from '../lib/target/instance.ts'
import type {Target} from '../lib/target/target.ts'
import {judgeAcceptances} from './acceptances.ts'
import type {CarryOver} from './carryOver.ts'
import {climbServer} from './climbServer.ts'
import {watchMachine} from './machine/watchMachine.ts'
import type {Phase} from './phase.ts'
import {judgeNothing, resultLine} from './result.ts'
import {runPhase} from './runPhase.ts'
import {trustAuthority} from './trustAuthority.ts'

const logLines = 15

export interface RunPhases {
  /** In place of the instance's own, where they are given. */
  limits?: Partial<Limits>
  /** Where what earlier rehearsals saw may stand for a look of this one. */
  carryOver?: CarryOver | undefined
}

/** The worst verdict of all checks. Phases run one after another, servers within a phase at the same time. */
export async function runPhases(
  step: StepContext,
  target: Target,
  phases: readonly Phase[],
  {limits = {}, carryOver}: RunPhases = {},
): Promise<Verdict> {
  const instance = withLimits(await currentInstance(step.entries(), step), limits)
  const shell = step.shell(instance.name)
  trustAuthority(instance.ingress)
  const secrets = step.secrets(instance.name)
  const context = {
    instance,
    servers: chosenServers(instance, step.flags.servers),
    declared: (name: string) => (step.raw as {servers: Record<string, Record<string, unknown>>}).servers[name] ?? {},
    secrets,
    signal: step.signal,
    inspect: shared(async () => target.inspect.read(await shell.run(target.inspect.command(instance)))),
    logs: (program: string, lines = logLines) => shell.run(target.logs(instance, program, lines)),
    folder: step.folder,
    startCopy: copyStarter({
      instance,
      fleet: step.fleet,
      target,
      shell,
      attempt: (server, timeoutMs) =>
        climbServer(server, server.endpoint, {secrets, signal: step.signal}, undefined, timeoutMs),
    }),
    contracts: contractRecords({instance, root: step.fleet.root, records: step.records}),
    inTurn: limitConcurrency(availableParallelism()),
    remember: (name: string, value: unknown) => step.record({type: 'fact', name, value}),
  }
  using machine = watchMachine()
  const checks: CheckEntry[] = []
  for (const phase of phases) {
    // Read once a phase: a journal of hundreds of servers is long, and every server asks.
    const before = step.entries()
    checks.push(
      ...(await runPhase({
        phase,
        context: {...context, entries: () => before},
        accept: step.fleet.accept,
        record: step.record,
        carryOver,
        machine,
      })),
    )
  }
  const wholeFleet = step.flags.servers.length === 0
  const faults = wholeFleet
    ? judgeAcceptances(
        checks,
        step.fleet.accept,
        phases.map(phase => phase.name),
      )
    : []
  const nothing = judgeNothing(checks)
  if (nothing !== undefined) faults.push(nothing)
  for (const fault of faults) step.record(fault)
  // Within a run the report says it.
  if (step.flags.run === undefined) step.say(resultLine([...checks, ...faults]))
  return worst([...checks, ...faults].map(decisiveVerdict))
}

function withLimits(instance: Instance, limits: Partial<Limits>): Instance {
  const servers = instance.servers.map(server => ({
    ...server,
    settings: {...server.settings, limits: {...server.settings.limits, ...limits}},
  }))
  return {...instance, servers}
}
