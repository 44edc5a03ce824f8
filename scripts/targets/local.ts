// The local target: processes on this machine, each kept running by a small POSIX script in a session of its own.
import {join} from 'node:path'
import type {Command} from '../lib/target/command.ts'
import {type Instance, type InstanceServer, serverOf} from '../lib/target/instance.ts'
import type {ProgramStatus, Target} from '../lib/target/target.ts'
import {disturb} from './local/disturb.ts'
import {hold} from './local/hold.ts'
import {ingressConfig, routesText} from './local/ingressFiles.ts'
import {canIsolate, isolationArguments, notIsolated, permittedArgv} from './local/isolation.ts'
import {environmentScript, renewedScript, rollbackScript} from './local/rollbackScript.ts'
import {script} from './local/scripts.ts'

const quickMs = 10_000
const ingressStopSeconds = 2
/** What the ingress writes is little: a line a change, a fault or a slow request. */
const ingressLimits = {openFiles: 65_536, stopSeconds: ingressStopSeconds, logMegabytes: 50, logFiles: 3}
// Whatever else has such a number by now is not hurt by it.
const continueGroups =
  'for name in supervisor group; do { read -r pid _ <"$1/$name"; } 2>/dev/null && kill -CONT "-$pid" 2>/dev/null; done; exit 0'

export const local: Target = {
  name: 'local',
  tools: [
    {name: 'sh', why: 'runs the scripts that keep servers running'},
    {name: 'ps', why: 'measures memory'},
    {name: 'awk', why: 'adds up memory'},
  ],

  canIsolate,

  folders: instance => [
    instance.ingress.folder,
    ...instance.servers.flatMap(server => [join(server.folder, 'tmp'), server.state]),
  ],

  files: instance => [
    ...['supervise.sh', 'isolate.sh', 'stop.sh', 'standby.sh', 'inspect.sh'].map(name => ({
      path: join(instance.folder, name),
      text: script(name),
      mode: 0o700,
    })),
    {path: join(instance.ingress.folder, 'config.json'), text: ingressConfig(instance), mode: 0o600},
  ],

  routes: (instance, routes) => ({
    path: join(instance.ingress.folder, 'routes.json'),
    text: routesText(routes),
    mode: 0o600,
  }),

  ingressStatus: instance => join(instance.ingress.folder, 'status.json'),

  // Its default; a server that is isolated sees nothing of this folder.
  ingressControl: instance => join(instance.ingress.folder, 'control.sock'),

  startIngress: instance => ({
    why: 'start the ingress',
    argv: supervised(instance, instance.ingress.folder, ingressLimits, [...notIsolated, ...instance.ingress.argv]),
    readOnly: false,
    deadlineMs: quickMs,
    background: {
      folder: instance.ingress.folder,
      environment: {PATH: '/usr/local/bin:/usr/bin:/bin', HOME: instance.ingress.folder},
      secrets: instance.ingress.secrets,
      optionalSecrets: instance.servers.flatMap(optionalSecrets),
    },
  }),

  startServer: (instance, name) => {
    const server = serverOf(instance, name)
    return {
      why: `start ${name}`,
      argv: supervised(instance, server.folder, server.settings.limits, [
        ...isolationArguments(instance, server),
        ...permittedArgv(instance, server),
      ]),
      readOnly: false,
      deadlineMs: quickMs,
      background: {
        folder: server.folder,
        environment: server.environment,
        secrets: server.secrets,
        optionalSecrets: optionalSecrets(server),
      },
    }
  },

  stopIngress: instance => stopProgram(instance, 'ingress', instance.ingress.folder, ingressStopSeconds),

  stopServer: (instance, name) => {
    const {folder, settings} = serverOf(instance, name)
    return stopProgram(instance, name, folder, settings.limits.stopSeconds)
  },

  endRemains: instance => stopProgram(instance, `what programs of ${instance.name} left behind`, instance.folder, 0),

  standBy: (instance, name, seconds) => {
    const {folder, settings} = serverOf(instance, name)
    const times = [seconds, settings.limits.stopSeconds].map(limit => String(Math.ceil(limit)))
    return {
      why: `leave ${name} on standby`,
      argv: ['sh', join(instance.folder, 'standby.sh'), folder, ...times],
      readOnly: false,
      deadlineMs: quickMs,
      background: {folder, environment: {PATH: '/usr/local/bin:/usr/bin:/bin', HOME: folder}, secrets: []},
    }
  },

  unfreeze: (instance, program) => ({
    why: `continue ${program}`,
    argv: ['sh', '-c', continueGroups, 'sh', programFolder(instance, program)],
    readOnly: false,
    deadlineMs: quickMs,
  }),

  rollbackScript: (instance, release) => rollbackScript(instance, release, local),

  environmentScript: root => ({path: join(root, 'rollback.sh'), text: environmentScript(), mode: 0o700}),

  renewedRollbackScript: renewedScript,

  disturb,

  hold,

  inspect: {
    command: instance => ({
      why: 'look at the processes',
      argv: [
        'sh',
        join(instance.folder, 'inspect.sh'),
        instance.ingress.folder,
        ...instance.servers.map(server => server.folder),
      ],
      readOnly: true,
      deadlineMs: quickMs,
    }),
    read: output =>
      output
        .split('\n')
        .filter(line => line !== '')
        .map(readStatus),
  },

  logs: (instance, program, lines) => ({
    why: `read the log of ${program}`,
    argv: [
      'sh',
      '-c',
      script('last-lines.sh'),
      'last-lines.sh',
      join(programFolder(instance, program), 'log'),
      String(lines),
    ],
    readOnly: true,
    deadlineMs: quickMs,
  }),
}

function programFolder(instance: Instance, program: string): string {
  return program === 'ingress' ? instance.ingress.folder : serverOf(instance, program).folder
}

function optionalSecrets({settings}: InstanceServer): string[] {
  return Object.entries(settings.secrets).flatMap(([name, {required}]) => (required ? [] : [name]))
}

interface Supervised {
  openFiles: number
  memoryMegabytes?: number | undefined
  stopSeconds: number
  /** Absent from an instance that an earlier version described. */
  logMegabytes?: number
  logFiles?: number
}

function supervised(
  instance: Instance,
  folder: string,
  {openFiles, memoryMegabytes = 0, stopSeconds, logMegabytes = 50, logFiles = 3}: Supervised,
  /** How it is isolated, then the program. */
  argv: readonly string[],
): string[] {
  // Rounded up: what health/memory finds good must not be ended.
  const numbers = [openFiles, memoryMegabytes, stopSeconds, logMegabytes, logFiles].map(number =>
    String(Math.ceil(number)),
  )
  return ['sh', join(instance.folder, 'supervise.sh'), folder, ...numbers, ...argv]
}

function stopProgram(instance: Instance, name: string, folder: string, graceSeconds: number): Command {
  return {
    why: `stop ${name}`,
    argv: ['sh', join(instance.folder, 'stop.sh'), folder, String(Math.ceil(graceSeconds))],
    readOnly: false,
    deadlineMs: graceSeconds * 1000 + quickMs,
  }
}

function readStatus(line: string): ProgramStatus {
  const [
    folder = '',
    supervisor = '-',
    ,
    pid = '-',
    start = '-',
    restarts = '0',
    lastExit = '-',
    kibibytes = '0',
    ...more
  ] = line.split(' ')
  const [programState, supervisorState, next = '-', isolated, rotated = ''] = more
  const [rotatedAt, bytes, seconds] = rotated.split('/').map(Number)
  return {
    // A copy's folder is named for its server and the copy; names of servers hold no dot.
    name: folder.split('.')[0] ?? folder,
    running: pid !== '-',
    identity: `${pid}@${start}`,
    supervised: supervisor !== '-',
    ...(isolated === 'open' && {unisolated: true}),
    frozen: programState === 'T' ? 'program' : supervisorState === 'T' ? 'supervisor' : undefined,
    restarts: Number(restarts),
    lastExit: lastExit === '-' ? undefined : lastExit,
    nextTryMs: next === '-' || supervisor === '-' ? undefined : Number(next) * 1000,
    memoryMegabytes: pid === '-' ? undefined : Number(kibibytes) / 1024,
    logRotated:
      rotatedAt && bytes !== undefined && seconds !== undefined
        ? {atMs: rotatedAt * 1000, megabytes: bytes / 1_048_576, seconds}
        : undefined,
  }
}
