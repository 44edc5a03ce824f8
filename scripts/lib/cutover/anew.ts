// The way to the same goal when nothing runs any more, as after a reboot: there is nothing to switch from.
import {stopInstance} from '../instance/endInstance.ts'
import type {Instance} from '../target/instance.ts'
import type {Shell} from '../target/shell.ts'
import type {Target} from '../target/target.ts'
import {type EndStandby, endStandby} from './endStandby.ts'
import type {Transition} from './transition.ts'

export interface FromWhatRuns extends EndStandby {
  /** Whether the ingress of the near side runs, where somebody has just looked. */
  serves?: boolean | undefined
}

/** Every server of the goal is started, on the state that is there. A restore that is part of the way is so here too. */
export function anew(transition: Transition): Transition {
  const {to} = transition
  if (to === undefined) return transition
  return {
    ...transition,
    from: undefined,
    changes: to.servers.map(({name, settings}) => ({server: name, kind: 'start', strategy: settings.cutover})),
    stages: Object.fromEntries(to.servers.map(({name}) => [name, 'waiting'])),
  }
}

/**
 * The transition itself while the ingress of its near side runs, else the way again. Copies that outlived their ingress are
 * ended first, since their state is to have one writer.
 */
export async function fromWhatRuns(
  transition: Transition,
  {root, target, shell, documents, serves}: FromWhatRuns,
): Promise<Transition> {
  const {from, to} = transition
  if (from === undefined || (serves ?? (await isServing(from, target, shell)))) return transition
  await endStandby({root, target, shell, documents})
  await stopInstance(from, target, shell)
  if (to !== undefined) await stopInstance(to, target, shell)
  return anew(transition)
}

/** Whether the ingress of an instance runs; one that fell over is started again by its supervisor, but not after a reboot. */
export async function isServing(instance: Instance, target: Target, shell: Shell): Promise<boolean> {
  const programs = target.inspect.read(await shell.run(target.inspect.command(instance)))
  return programs.some(({name, running}) => name === 'ingress' && running)
}
