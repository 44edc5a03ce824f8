// Looks at every program of a stack: whether it runs, is kept running, and passed its health through the ingress.

import type {Instance} from '../target/instance.ts'
import type {Shell} from '../target/shell.ts'
import type {Target} from '../target/target.ts'
import {askHealth} from './askHealth.ts'
import {ingressState, type ProgramState, serverState} from './programState.ts'

export interface ObserveStack {
  target: Target
  shell: Shell
  signal: AbortSignal
  /** For everything that is asked of the ingress, at the same time. */
  withinMs: number
}

/** The ingress first, then the servers in their order. Undefined where no program of it runs and none is kept running. */
export async function observeStack(
  instance: Instance,
  {target, shell, signal, withinMs}: ObserveStack,
): Promise<ProgramState[] | undefined> {
  const asked = askHealth(instance, {withinMs, signal})
  const programs = target.inspect.read(await shell.run(target.inspect.command(instance)))
  if (!programs.some(({running, supervised}) => running || supervised)) return undefined
  const find = (name: string) => programs.find(program => program.name === name)
  const health = await asked
  const now = new Date()
  const ingressAnswers = health.answersInMs !== undefined
  return [
    ingressState(find('ingress'), health, instance.ingress.url, now),
    ...instance.servers.map(({name}) => serverState(name, find(name), health.servers[name], {ingressAnswers, now})),
  ]
}
