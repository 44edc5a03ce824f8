// How the local target keeps a server apart: what isolate.sh needs to know, and the flags of Node's permission model.
import {homedir} from 'node:os'
import {dirname, join} from 'node:path'
import type {Command} from '../../lib/target/command.ts'
import type {Instance, InstanceServer} from '../../lib/target/instance.ts'
import {templatePath} from './scripts.ts'

/** Prints why this machine cannot isolate servers; it starts `true` as a server of that environment would be started. */
export function canIsolate(root: string): Command {
  return {
    why: 'see whether servers can be isolated',
    argv: ['sh', templatePath('can-isolate.sh'), templatePath('isolate.sh'), homedir(), root],
    readOnly: true,
    deadlineMs: 10_000,
  }
}

/** The arguments STATE, HOME, READ and WRITE of supervise.sh; an empty STATE stands for no isolation. */
export function isolationArguments(instance: Instance, {state, settings}: InstanceServer): string[] {
  // Absent from an instance that an earlier version described.
  const {none, read = [], write = []} = settings.isolation ?? {}
  if (none !== undefined) return notIsolated
  return [state, homedir(), [instance.releaseFolder, ...read].join('\n'), write.join('\n')]
}

export const notIsolated = ['', '', '', '']

/** The arguments that start a server; one that says what it needs of Node gets no more. */
export function permittedArgv({releaseFolder}: Instance, server: InstanceServer): string[] {
  const {argv, folder, state} = server
  const {node, read = [], write = []} = server.settings.isolation ?? {}
  const [program = '', ...rest] = argv
  if (node === undefined || program !== join(releaseFolder, 'runtime', 'node')) return argv
  const own = [join(folder, 'home'), join(folder, 'tmp'), state, ...write, ...node.write]
  const readable = [dirname(releaseFolder), ...own, ...read, ...node.read]
  return [
    program,
    '--permission',
    ...readable.map(path => `--allow-fs-read=${path}`),
    ...own.map(path => `--allow-fs-write=${path}`),
    ...(node.net ? ['--allow-net'] : []),
    ...(node.child ? ['--allow-child-process'] : []),
    ...(node.worker ? ['--allow-worker'] : []),
    ...rest,
  ]
}
