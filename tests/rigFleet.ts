// The folder of a rig: its fleet file, and a copy of the fixture servers for each server in it.
import {cpSync, mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

const fixtures = join(import.meta.dirname, 'fixtures', 'servers')

export interface RigOptions {
  /** Servers as in a fleet file; `source` and `PORT` are filled in from `fixture`, the name of a file of the fixtures. */
  servers?: Record<string, {fixture: string; env?: Record<string, string>; [key: string]: unknown}>
  /** Keys of the fleet file that replace ours. */
  fleet?: Record<string, unknown>
  /** Limits and client settings beside those of every rig. */
  limits?: Record<string, unknown>
  client?: Record<string, unknown>
  /** The text of the fleet file, instead of all of the above; null for none. */
  text?: string | null
  env?: Record<string, string>
  /** Runs the slow phases too. */
  slow?: boolean
}

/** Port of the live ingress in the fleet file; nothing listens there, since rehearsals take free ports. */
const livePort = 18_700

export function writeFleet(folder: string, path: string, options: RigOptions): void {
  const servers = Object.entries(options.servers ?? {good: healthy})
  for (const [name] of servers) {
    cpSync(fixtures, join(folder, 'servers', name), {recursive: true})
    writeFileSync(join(folder, 'servers', name, 'refuse-strangers.mjs'), refuseStrangers)
    writeFileSync(join(folder, 'servers', name, 'writes-down.mjs'), writesDown(join(folder, 'seen.jsonl')))
    writeFileSync(join(folder, 'servers', name, 'leaks.mjs'), leaks)
  }
  if (options.text === null) return
  const file = {
    fleet: 'rig',
    servers: Object.fromEntries(
      servers.map(([name, {fixture, env, ...declared}]) => [
        name,
        {
          source: {folder: `servers/${name}`},
          command: ['node', '--import', '{server}/refuse-strangers.mjs', `${fixture}.mjs`],
          env: {PORT: '{port}', ...env},
          ...declared,
        },
      ]),
    ),
    environments: {
      staging: {
        target: 'local',
        ingress: {port: livePort},
        limits: {
          // Generous, since a healthy server does not wait for them and the machine may be busy.
          startupSeconds: 15,
          steadySeconds: 0.3,
          healthMs: 8000,
          stopSeconds: 1,
          memoryMegabytes: 500,
          ...options.limits,
        },
        client: {timeoutMs: 8000, ...options.client},
      },
    },
    ...options.fleet,
  }
  mkdirSync(folder, {recursive: true})
  // JSON is YAML.
  writeFileSync(path, options.text ?? JSON.stringify(file, null, 2))
}

// What the specification asks of every HTTP server, and the fixtures leave out since they are about other things.
const refuseStrangers = `import {Server} from 'node:http'
const emit = Server.prototype.emit
Server.prototype.emit = function (event, request, response) {
  if (event !== 'request' || request.headers.origin === undefined) return emit.apply(this, arguments)
  response.writeHead(403).end()
  return true
}
`

// Fixture `leaks`: tells its secret in its log and in every answer, and ends at once when $ENDS is set.
const leaks = `import {serve} from './mcp.mjs'
console.log('started with ' + process.env.TOKEN)
if (process.env.ENDS) process.exit(1)
serve({call: () => ({content: [{type: 'text', text: process.env.TOKEN}], structuredContent: {message: process.env.TOKEN}})})
`

/** A healthy server, fixture `writes-down`, that appends every message that reaches it to `seen.jsonl` of the rig. */
function writesDown(path: string): string {
  return `import {appendFileSync} from 'node:fs'
import {serve} from './mcp.mjs'
serve({
  first(message) {
    if (message) appendFileSync(${JSON.stringify(path)}, JSON.stringify(message) + '\\n')
    return false
  },
})
`
}

/** A server that does everything right, with a probe and one declared call. */
export const healthy = {
  fixture: 'healthy',
  health: '/health',
  probe: {tool: 'add', arguments: {a: 1, b: 2}, expect: {text: '3'}},
  calls: [{name: 'echoes', tool: 'echo', arguments: {message: 'ahoy'}, expect: {text: 'ahoy'}}],
}
