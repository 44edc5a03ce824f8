// Looks at the processes of one copy: what they listen on, and which secrets stand in their environment and their words.

import type {SecretValues} from '../../lib/fleet/secrets.ts'
import {shortestSecret} from '../../lib/journal/redactor.ts'
import type {InstanceServer} from '../../lib/target/instance.ts'
import {secretName} from '../credentialForms.ts'
import type {PhaseContext} from '../phase.ts'
import {listeningSockets} from './listeningSockets.ts'
import {hasProc, type ProcessSeen, processesOf} from './procFiles.ts'
import type {EnvironmentFault, ProcessesLooked, Sight} from './securitySeen.ts'

export async function lookAtProcesses(
  context: Pick<PhaseContext, 'inspect' | 'secrets'>,
  server: Pick<InstanceServer, 'name' | 'environment' | 'secrets'>,
): Promise<Sight<ProcessesLooked>> {
  if (!hasProc()) return {skipped: 'this system does not tell of its processes below /proc'}
  const programs = await context.inspect()
  const identity = programs.find(program => program.name === server.name)?.identity ?? ''
  if (!/^\d+@\d+$/.test(identity)) return {skipped: `it is no process of this machine (${identity || 'nothing runs'})`}
  const processes = processesOf(identity)
  if (processes === undefined || processes.length === 0)
    return {unseen: `process ${identity.split('@')[0]} ended while it was looked at`}
  const unreadable = processes.filter(
    ({sockets, environment}) => sockets === undefined || environment === undefined,
  ).length
  return {
    seen: {
      processes: processes.length,
      unreadable,
      listening: processes.some(({sockets}) => sockets === undefined) ? undefined : listeningSockets(processes),
      environment: processes.some(({environment}) => environment === undefined)
        ? undefined
        : processes.flatMap(one => environmentFaults(one, server, context.secrets)),
      argv: processes.flatMap(({argv}) =>
        heldSecrets(argv.join('\n'), context.secrets).map(secret => ({program: programOf(argv), secret})),
      ),
    },
  }
}

// A secret that it declares is its own, and so is a variable that the fleet file gives it.
function environmentFaults(
  {argv, environment = {}}: ProcessSeen,
  server: Pick<InstanceServer, 'environment' | 'secrets'>,
  secrets: SecretValues,
): EnvironmentFault[] {
  const program = programOf(argv)
  const declared = new Set([...Object.keys(server.environment), ...server.secrets])
  const ownValues = new Set(server.secrets.map(name => secrets[name]))
  const foreign = Object.fromEntries(Object.entries(secrets).filter(([, value]) => !ownValues.has(value)))
  return Object.entries(environment).flatMap(([variable, value]) => {
    const held = heldSecrets(value, foreign).map(secret => ({program, variable, secret}))
    if (held.length > 0 || declared.has(variable)) return held
    return secretName.test(variable) && value !== '' ? [{program, variable}] : []
  })
}

function heldSecrets(text: string, secrets: SecretValues): string[] {
  return Object.entries(secrets).flatMap(([name, value = '']) =>
    value.length >= shortestSecret && text.includes(value) ? [name] : [],
  )
}

// Its further words may be anything, and this is written down.
function programOf([file = 'a process without words']: readonly string[]): string {
  return file.slice(file.lastIndexOf('/') + 1)
}
