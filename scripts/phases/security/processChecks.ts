// Judges what the processes of a server listen on, and which secrets stand in their environment and their words.
import type {Check} from '../phase.ts'
import {isLoopback} from './listeningSockets.ts'
import type {ProcessesLooked, SecuritySeen, Sight} from './securitySeen.ts'

export function judgeProcesses({processes, declared}: Pick<SecuritySeen, 'processes' | 'declared'>): Check[] {
  if (!('seen' in processes)) return ['listens', 'environment', 'arguments'].map(name => notSeen(name, processes))
  const {seen} = processes
  return [judgeListening(seen, declared), judgeEnvironment(seen), judgeArguments(seen)]
}

/** Skipped where there is nothing to be seen, inconclusive where it should have been seen. */
export function notSeen(name: string, sight: Exclude<Sight<unknown>, {seen: unknown}>): Check {
  return 'skipped' in sight
    ? {name, verdict: 'skip', detail: sight.skipped}
    : {name, verdict: 'inconclusive', detail: sight.unseen, remedy: 'see the health ladder of this server'}
}

function judgeListening(
  {processes, listening, unreadable}: ProcessesLooked,
  declared: SecuritySeen['declared'],
): Check {
  const name = 'listens'
  if (listening === undefined) return hiddenFromUs(name, unreadable)
  const place = `${declared.address}:${declared.port}`
  const written = ({address, port}: {address: string; port: number}) =>
    `${address.includes(':') ? `[${address}]` : address}:${port}`
  const open = listening.filter(({address}) => !isLoopback(address))
  const others = listening.filter(({address, port}) => isLoopback(address) && port !== declared.port)
  const evidence = listening.map(one => `${written(one)} ${one.program} (${one.pid})`).join('\n') || undefined
  const numbers = {value: open.length + others.length, limit: 0, unit: 'undeclared sockets', evidence}
  if (!listening.some(({port}) => port === declared.port))
    return {
      name,
      verdict: 'fail',
      detail: `none of its ${processes} processes listens on ${place}: what answers there is another program`,
      remedy: 'give it the port as {port}; a program that leaves its session cannot be ended with it',
      ...numbers,
    }
  if (open.length > 0)
    return {
      name,
      verdict: 'fail',
      detail: `listens beyond this machine: ${open.map(written).join(', ')}; declared is ${place}`,
      remedy: 'tell it its address as {host}, or set confineToLoopback: true for a Node server that cannot be told',
      ...numbers,
    }
  if (others.length > 0)
    return {
      name,
      verdict: 'fail',
      detail: `listens on more than it declares: ${others.map(written).join(', ')} beside ${place}`,
      remedy: 'turn it off (a debugger, a second interface), or make it a server of its own',
      ...numbers,
    }
  return {name, verdict: 'pass', detail: `${processes} processes listen on ${place} and nothing else`, ...numbers}
}

function judgeEnvironment({processes, environment, unreadable}: ProcessesLooked): Check {
  const name = 'environment'
  if (environment === undefined) return hiddenFromUs(name, unreadable)
  const found = [...new Set(environment.map(fault => `${fault.variable} of ${fault.program} ${said(fault.secret)}`))]
  const numbers = {value: found.length, limit: 0, unit: 'undeclared secrets'}
  if (found.length === 0)
    return {name, verdict: 'pass', detail: `${processes} processes hold no secret that is not declared`, ...numbers}
  return {
    name,
    verdict: 'fail',
    detail: `holds secrets that are not declared: ${found.join('; ')}`,
    remedy: 'take them out, or name them below secrets: of this server',
    ...numbers,
  }
}

function said(secret: string | undefined): string {
  return secret === undefined ? 'is named like one' : `holds ${secret} of another server`
}

/** Every user of the machine can read the words of a process. */
function judgeArguments({processes, argv}: ProcessesLooked): Check {
  const name = 'arguments'
  const found = [...new Set(argv.map(({program, secret}) => `${secret} in the words of ${program}`))]
  const numbers = {value: found.length, limit: 0, unit: 'secrets'}
  if (found.length === 0)
    return {name, verdict: 'pass', detail: `the words of ${processes} processes hold no secret`, ...numbers}
  return {
    name,
    verdict: 'fail',
    detail: `every user of the machine can read ${found.join(', ')}`,
    remedy: 'hand it over in the environment, below secrets:',
    ...numbers,
  }
}

function hiddenFromUs(name: string, unreadable: number): Check {
  const detail = `${unreadable} of its processes belong to another user and cannot be looked into`
  return {name, verdict: 'inconclusive', detail, remedy: 'verify as the user that runs it'}
}
