// The shape of fleet.yaml: every key, its type, its default and one sentence for editors.

import {expectation, jsonPath} from '../expect/expectation.ts'
import {z} from '../saved/zod.ts'
import {encryption} from './encryption.ts'
import {ingress, port} from './ingress.ts'
import {isolation} from './isolation.ts'
import {limits} from './limits.ts'
import {name} from './name.ts'
import {notify} from './notify.ts'
import {bridge, source, words} from './source.ts'

const variable = z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'should be a variable name such as API_KEY')
const path = z.string().regex(/^\/\S*$/, 'should be a path that begins with /')

const secret = z.strictObject({
  required: z.boolean().default(true).describe('Preflight refuses to go on without it.'),
  rehearsal: z
    .enum(['same', 'generated'])
    .default('same')
    .describe('`generated`: a rehearsal gets a random value of its own, so that the real one need not be there.'),
})

const client = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe('A server that is not enabled is built, but neither started nor checked.'),
  timeoutMs: z.int().positive().default(10_000).describe('Deadline of one request.'),
  retries: z.int().min(0).max(10).default(0).describe('Further tries of a request that never reached the server.'),
  retryDelayMs: z.int().min(0).default(200).describe('Pause before a further try.'),
  cacheTools: z
    .int()
    .min(0)
    .default(1000)
    .describe('How many tools of the server are kept at the most; a longer list is asked for again.'),
  cacheTtlSeconds: z.number().min(0).default(300).describe('For how long the list of tools is kept within a run.'),
})

export const call = z.strictObject({
  name: z.string().optional().describe('What the call shows; the tool name if absent.'),
  on: z
    .enum(['any', 'rehearsal'])
    .default('any')
    .describe('`rehearsal`: a call that writes, and so is never made on live.'),
  tool: z.string().min(1),
  arguments: z.record(z.string(), z.unknown()).default({}),
  expect: expectation.prefault({}),
  keep: z
    .record(z.string().regex(/^\w+$/, 'should be letters, digits and underscores'), jsonPath)
    .default({})
    .describe('Values taken from the result by JSONPath, for later calls as {kept.NAME}.'),
})

/** A probe is always safe, so there is no saying where it is made. */
const probe = call.omit({on: true})

const counter = z.strictObject({
  tool: z.string().min(1),
  arguments: z.record(z.string(), z.unknown()).describe('{id} stands for an id that is never used twice.'),
  read: z.strictObject({
    tool: z.string().min(1),
    arguments: z.record(z.string(), z.unknown()).optional(),
    ids: jsonPath.describe('JSONPath in the result: each id in the text that it selects is one effect.'),
  }),
  first: jsonPath
    .optional()
    .describe(
      'For a tool that does nothing the second time: selects the id in its answer only when it had the effect.',
    ),
  clean: z
    .strictObject({tool: z.string().min(1), arguments: z.record(z.string(), z.unknown())})
    .optional()
    .describe('Removes the effects again; a value {ids} stands for the list of all ids.'),
  perSecond: z.number().positive().optional(),
})

const serverFields = {
  title: z.string().optional(),
  source,
  command: words.describe(
    'First word: a bin of the package, or a file of the folder. {port} {host} {state} {server} are filled in.',
  ),
  transport: z.enum(['http', 'stdio']).default('http'),
  bridge: bridge.optional(),
  confineToLoopback: z
    .boolean()
    .default(false)
    .describe('For a Node server that cannot be told its bind address: a preload rewrites listen() to 127.0.0.1.'),
  port: port.optional().describe('Port of the live copy; a free one if absent. Rehearsals always take free ones.'),
  endpoint: path.default('/mcp').describe('Path of the MCP endpoint on the server itself.'),
  hosts: z
    .array(z.string().min(1))
    .default([])
    .describe('Host names that lead to this server alone, whatever the path; *.example.org is a wildcard.'),
  health: path.optional().describe("The server's own health path, if it has one."),
  metrics: path.optional().describe("The server's own Prometheus path, if it has one."),
  env: z
    .record(z.string(), z.string())
    .default({})
    .describe('All that the server sees of the environment, beside PATH, HOME, TMPDIR and SEAWORTHY_INSTANCE.'),
  secrets: z
    .record(variable, secret.prefault({}))
    .default({})
    .describe('Secrets by name; the values come from the environment or its env file.'),
  dependencies: z
    .record(
      variable,
      z
        .strictObject({
          required: z
            .boolean()
            .default(true)
            .describe('true: its probe must notice when this never answers; false: it must go on answering without.'),
        })
        .prefault({}),
    )
    .default({})
    .describe(
      'Variables that hold the URL of something that it calls; a rehearsal sees what happens when that is silent.',
    ),
  auth: z.strictObject({bearer: variable}).optional().describe('The secret that clients send as a bearer token.'),
  state: z
    .strictObject({
      paths: z.array(z.string().min(1)).min(1),
      rehearsal: z.enum(['copy', 'empty']).default('copy').describe('What a rehearsal begins with.'),
      seed: z.string().optional().describe('A folder beside the fleet file that fills an empty state.'),
      pauseSeconds: z
        .int()
        .min(0)
        .max(60)
        .default(2)
        .describe(
          'Longest time for which the server is held still while its state is copied, where it changes each time; 0: never.',
        ),
    })
    .optional()
    .describe('Files that must survive, below the state folder of the server.'),
  after: z.array(name).default([]).describe('Servers that must be ready before this one starts.'),
  cutover: z.enum(['blue-green', 'recreate']).default('blue-green'),
  counter: counter
    .optional()
    .describe('A tool whose effects can be counted, to find calls that a change executed twice or lost.'),
  probe: probe.optional().describe('One safe tool call: the last rung of the health ladder.'),
  calls: z.array(call).default([]).describe('Declared tool calls, made in this order.'),
}

export const server = z.strictObject({
  ...serverFields,
  client: client.prefault({}),
  limits: limits.prefault({}),
  isolation: isolation.prefault({}),
})

// What an environment may set differently. Defaults must not overwrite what the server itself says, so nothing has one here.
const override = z.strictObject({
  port: port.optional(),
  env: z.record(z.string(), z.string()).optional(),
  client: withoutDefaults(client).optional(),
  limits: withoutDefaults(limits).optional(),
  cutover: z.enum(['blue-green', 'recreate']).optional(),
  probe: probe.optional(),
  calls: z.array(call).optional(),
})

const rollout = z.strictObject({
  canary: z.int().min(1).default(1).describe('How many servers of live change first.'),
  growth: z.number().min(1).default(2).describe('How many times as many change in each batch after that.'),
  failureBudget: z
    .int()
    .min(0)
    .default(0)
    .describe('How many servers may stay on their old copy without ending the change.'),
  onFailure: z
    .enum(['halt', 'rollback-batch', 'rollback-all'])
    .default('rollback-all')
    .describe('Over the budget: stop where it is, put the last batch back and stop, or put everything back.'),
})

export const environment = z.strictObject({
  target: z.string(),
  root: z.string().optional().describe('Folder in which the environment keeps its releases, records and state.'),
  ingress,
  retention: z
    .strictObject({count: z.int().min(1).default(10), days: z.number().positive().default(30)})
    .prefault({})
    .describe('How many backups are kept, and for how long; the only whole one is never removed.'),
  encryption: encryption.optional(),
  notify,
  watch: z
    .boolean()
    .default(false)
    .describe('Of production: the workflow watch.yml starts twice an hour. `pnpm workflows` writes it.'),
  rollout: rollout.prefault({}).describe('How a change of live proceeds over the servers.'),
  limits: withoutDefaults(limits).default({}).describe('Limits of every server in this environment.'),
  client: withoutDefaults(client).default({}),
  servers: z.record(name, override).default({}),
})

export const acceptance = z.strictObject({
  check: z.string().regex(/^[a-z]+\/[a-z0-9-]+$/, 'should be the id of a check, such as health/own-path'),
  server: name.optional(),
  reason: z.string().min(10),
  until: z.iso.date(),
  environments: z.array(z.string()).optional(),
})

export const fleetFile = z.strictObject({
  $schema: z.string().optional(),
  fleet: name,
  servers: z.record(name, server),
  environments: z.record(name, environment),
  accept: z.array(acceptance).default([]).describe('Failures that are known and accepted until a day.'),
  contacts: z.array(z.strictObject({name: z.string(), role: z.string(), reach: z.string()})).default([]),
})

function withoutDefaults<Shape extends z.core.$ZodLooseShape>(object: z.ZodObject<Shape>) {
  const shape = Object.entries(object.shape).map(([key, field]) => {
    const inner = field instanceof z.ZodDefault ? field.unwrap() : field
    const optional = (inner as z.ZodType).optional()
    // The sentence for editors hangs on the outermost schema, which is the default that was taken off.
    return [key, field.description === undefined ? optional : optional.describe(field.description)]
  })
  return z.strictObject(Object.fromEntries(shape) as Record<keyof Shape, z.ZodOptional<z.ZodType>>)
}

export type FleetFile = z.infer<typeof fleetFile>
export type Server = z.infer<typeof server>
export type Call = z.infer<typeof call>
export type Probe = z.infer<typeof probe>
export type Limits = z.infer<typeof limits>
export type Acceptance = z.infer<typeof acceptance>
export type Rollout = z.infer<typeof rollout>
export type Environment = z.infer<typeof environment>
export type Contact = FleetFile['contacts'][number]
