// Every bad fleet file gets a message with place, expectation, value and remedy; all faults stand in it at once.
import assert from 'node:assert/strict'
import {join} from 'node:path'
import {test} from 'node:test'
import {UserError} from '../../../scripts/lib/errors/userError.ts'
import {readFleet} from '../../../scripts/lib/fleet/readFleet.ts'
import {temporaryFolder} from '../temporaryFolder.ts'
import {fleetText, known, messageOf} from './readText.ts'

const one = (...lines: string[]) => `${lines.join('\n')}\none fault in the configuration; nothing was started`
const several = (count: number, ...lines: string[]) =>
  `${lines.join('\n')}\n${count} faults in the configuration; nothing was started`

test('no fleet file says where one comes from', t => {
  const path = join(temporaryFolder(t), 'fleet.yaml')
  assert.throws(
    () => readFleet(path, 'staging', {}, known),
    (error: unknown) =>
      error instanceof UserError &&
      error.message === `${path}: there should be a fleet file, there is none` &&
      error.remedy === 'copy templates/fleet.yaml to fleet.yaml, or name yours with --fleet PATH',
  )
})

const cases: {name: string; text: string; message: string; environment?: string}[] = [
  {
    name: 'not YAML',
    text: 'fleet: [harbour\n',
    message:
      'fleet.yaml:2:1: is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]\n→ fix the YAML; templates/fleet.yaml shows every key',
  },
  {
    name: 'the same server twice',
    text: fleetText({below: ['servers: {}']}),
    message:
      'fleet.yaml:8:1: is not YAML: Map keys must be unique\n→ fix the YAML; templates/fleet.yaml shows every key',
  },
  {
    name: 'an alias that leads nowhere',
    text: fleetText({server: ['env: *nowhere']}),
    message:
      'fleet.yaml: is not YAML that can be used: Unresolved alias (the anchor must be set before the alias): nowhere\n→ fix or write out the alias',
  },
  {
    name: 'an alias that leads into itself',
    text: fleetText({server: ['env: &self {A: *self}']}),
    message:
      'fleet.yaml: is not YAML that can be used: Converting circular structure to JSON\n→ fix or write out the alias',
  },
  {
    name: 'an empty file',
    text: '',
    message: one('fleet.yaml:1:1: should be a map, got null'),
  },
  {
    name: 'an unknown key, with the nearest known one',
    text: fleetText({server: ['secrets: {API_KEY: {requird: true}}']}),
    message: one(
      'fleet.yaml:6:25 servers.memory.secrets.API_KEY.requird: is not a known key',
      '  → did you mean "required"? known here: required, rehearsal',
    ),
  },
  {
    name: 'an unknown key deep below',
    text: fleetText({
      below: ["accept: [{check: health/own-path, reason: 'known for long', until: 2027-01-01, sever: memory}]"],
    }),
    message: one(
      'fleet.yaml:8:80 accept.0.sever: is not a known key',
      '  → did you mean "server"? known here: check, server, reason, until, environments',
    ),
  },
  {
    name: 'a text for a number',
    text: fleetText({server: ['port: 80a']}),
    message: one('fleet.yaml:6:5 servers.memory.port: should be a number, got "80a"'),
  },
  {
    name: 'a number with a fraction for a whole one',
    text: fleetText({server: ['port: 80.5']}),
    message: one('fleet.yaml:6:5 servers.memory.port: should be a whole number, got 80.5'),
  },
  {
    name: 'a number that is none',
    text: fleetText({server: ['limits: {healthMs: .nan}']}),
    message: one('fleet.yaml:6:14 servers.memory.limits.healthMs: should be a number, got NaN'),
  },
  {
    name: 'a number that is too large',
    text: fleetText({server: ['port: 70000']}),
    message: one('fleet.yaml:6:5 servers.memory.port: should be at most 65535, got 70000'),
  },
  {
    name: 'a limit of nothing',
    text: fleetText({server: ['limits: {healthMs: 0}']}),
    message: one('fleet.yaml:6:14 servers.memory.limits.healthMs: should be more than 0, got 0'),
  },
  {
    name: 'an empty list',
    text: fleetText({server: ['state: {paths: []}']}),
    message: one('fleet.yaml:6:13 servers.memory.state.paths: should have at least 1 entry, got []'),
  },
  {
    name: 'a map for a list',
    text: fleetText({server: ['after: {memory: true}']}),
    message: one('fleet.yaml:6:5 servers.memory.after: should be a list, got {"memory":true}'),
  },
  {
    name: 'a word that is not among the choices',
    text: fleetText({server: ['cutover: purple']}),
    message: one('fleet.yaml:6:5 servers.memory.cutover: should be one of blue-green, recreate, got "purple"'),
  },
  {
    name: 'a required key that is missing',
    text: fleetText().replace('ingress: {port: 8700}', 'ingress: {}'),
    message: one('fleet.yaml:7:28 environments.staging.ingress.port: is required and should be a number'),
  },
  {
    name: 'a package without an exact version',
    text: fleetText().replace('@1.2.3', '@^1.2.3'),
    message: one(
      'fleet.yaml:4:14 servers.memory.source.npm: should be a package with its exact version, such as mcp-proxy@6.7.19, got "memory-server@^1.2.3"',
    ),
  },
  {
    name: 'a server name that cannot be part of a URL',
    text: fleetText().replace('  memory:', '  Memory Server:'),
    message: one(
      'fleet.yaml:3:3 servers.Memory Server: the name "Memory Server" should be lower-case letters, digits and hyphens, at most 40, beginning with a letter',
    ),
  },
  {
    name: 'a server name that the ingress has already',
    text: fleetText().replace('  memory:', '  health:'),
    message: one(
      'fleet.yaml:3:3 servers.health: is a name of Seaworthy itself: health',
      '  → any name but ingress, health, metrics',
    ),
  },
  {
    name: 'the same port twice',
    text: fleetText({server: ['port: 8700']}),
    message: one(
      'fleet.yaml:6:5 servers.memory.port: is 8700, which environments.staging.ingress.port has already',
      '  → give each its own port, or leave it out',
    ),
  },
  {
    name: 'an unknown target',
    text: fleetText().replace('target: local', 'target: locl'),
    message: one(
      'fleet.yaml:7:13 environments.staging.target: is no target: locl',
      '  → did you mean "local"? known: local',
    ),
  },
  {
    name: 'an unknown environment on the command line',
    environment: 'stagin',
    text: fleetText(),
    message: one(
      'fleet.yaml:6:1 environments: is no environment: stagin',
      '  → did you mean "staging"? known: staging',
    ),
  },
  {
    name: 'an unknown phase, server and environment in what is accepted',
    text: fleetText({
      below: [
        'accept:',
        "  - {check: heath/own-path, server: memry, reason: 'known for long', until: 2027-01-01, environments: [prod]}",
      ],
    }),
    message: several(
      3,
      'fleet.yaml:9:6 accept.0.check: is no phase: heath',
      '  → did you mean "health"? known: reachability, health, tools, calls',
      'fleet.yaml:9:29 accept.0.server: is no server: memry',
      '  → did you mean "memory"? known: memory',
      'fleet.yaml:9:104 accept.0.environments.0: is no environment: prod',
      '  → known: staging',
    ),
  },
  {
    name: 'an unknown server to wait for, and one to set differently',
    text: fleetText({server: ['after: [memry]']}).replace('8700}}', '8700}, servers: {memori: {}}}'),
    message: several(
      2,
      'fleet.yaml:6:13 servers.memory.after.0: is no server: memry',
      '  → did you mean "memory"? known: memory',
      'fleet.yaml:8:61 environments.staging.servers.memori: is no server: memori',
      '  → did you mean "memory"? known: memory',
    ),
  },
  {
    name: 'stdio without a bridge',
    text: fleetText({server: ['transport: stdio']}),
    message: one(
      'fleet.yaml:6:5 servers.memory.transport: is stdio and needs a bridge to be reached over HTTP',
      '  → add bridge: {npm: mcp-proxy@…, command: […]}',
    ),
  },
  {
    name: 'a bridge that never starts the server',
    text: fleetText({server: ['transport: stdio', 'bridge: {npm: mcp-proxy@6.7.19, command: [mcp-proxy]}']}),
    message: one(
      "fleet.yaml:7:37 servers.memory.bridge.command: should hold '{command}' as a word of its own, where the server's command goes",
    ),
  },
  {
    name: 'a bridge for what speaks HTTP',
    text: fleetText({server: ["bridge: {npm: mcp-proxy@6.7.19, command: [mcp-proxy, '{command}']}"]}),
    message: one(
      'fleet.yaml:6:5 servers.memory.bridge: bridges a stdio server, but transport is http',
      '  → write transport: stdio, or delete the bridge',
    ),
  },
  {
    name: 'two sources',
    text: fleetText().replace("'memory-server@1.2.3'", "'memory-server@1.2.3', folder: x"),
    message: one(
      'fleet.yaml:4:5 servers.memory.source: should have either npm or folder, has both',
      '  → npm: name@1.2.3 or folder: servers/name',
    ),
  },
  {
    name: 'a build of a package',
    text: fleetText().replace("'memory-server@1.2.3'", "'memory-server@1.2.3', build: [make]"),
    message: one(
      'fleet.yaml:4:42 servers.memory.source.build: builds a folder, but the source is an npm package',
      '  → delete it',
    ),
  },
  {
    name: 'an acceptance past its day',
    text: fleetText({below: ["accept: [{check: health/own-path, reason: 'known for long', until: 2026-11-19}]"]}),
    message: one(
      'fleet.yaml:8:61 accept.0.until: ended on 2026-11-19, today is 2026-11-20',
      '  → fix what health/own-path finds, or decide again how long it may stay',
    ),
  },
  {
    name: 'an acceptance until a day that is none',
    text: fleetText({below: ["accept: [{check: health/own-path, reason: 'known for long', until: soon}]"]}),
    message: one('fleet.yaml:8:61 accept.0.until: should be a day such as 2027-01-31, got "soon"'),
  },
  {
    name: 'a bearer that is no secret',
    text: fleetText({server: ['auth: {bearer: API_KEY}']}),
    message: one(
      "fleet.yaml:6:12 servers.memory.auth.bearer: names API_KEY, which is not among the server's secrets",
      '  → add it below secrets:',
    ),
  },
  {
    name: 'a variable that is also a secret, here and in an environment',
    text: fleetText({server: ['secrets: {API_KEY: {}}', 'env: {API_KEY: x}']}).replace(
      '8700}}',
      '8700}, servers: {memory: {env: {API_KEY: x}}}}',
    ),
    message: several(
      2,
      'fleet.yaml:7:11 servers.memory.env.API_KEY: is also a secret',
      '  → keep it below secrets: only',
      'fleet.yaml:9:76 environments.staging.servers.memory.env.API_KEY: is also a secret',
      '  → keep it below secrets: only',
    ),
  },
  {
    name: 'a secret used as configuration',
    text: fleetText({server: ['secrets: {API_KEY: {}}', 'title: key ${API_KEY}']}),
    message: one(
      'fleet.yaml:7:5 servers.memory.title: takes the secret API_KEY as configuration',
      '  → a server gets its secrets as variables; delete it here',
    ),
  },
  {
    name: 'a variable that is not set',
    text: fleetText({server: ['port: ${MEMORY_PORT}']}),
    message: one(
      'fleet.yaml:6:5 servers.memory.port: needs the variable MEMORY_PORT, which is not set',
      '  → set it, or write ${MEMORY_PORT:-default}',
    ),
  },
  {
    name: 'a reference that is none',
    text: fleetText({server: ['title: ${memory_port}']}),
    message: one(
      'fleet.yaml:6:5 servers.memory.title: holds ${memory_port}, which is no reference',
      '  → write ${NAME} or ${NAME:-default} with a name in capitals, or $${ where ${ itself is meant',
    ),
  },
  {
    name: 'a circle of servers that wait for each other, and nobody beside it',
    text: fleetText({
      server: ['after: [search]', ''],
    }).replace(
      'environments:',
      [
        '  search: {source: {npm: s@1.0.0}, command: [s], after: [files]}',
        '  files: {source: {npm: f@1.0.0}, command: [f], after: [search]}',
        'environments:',
      ].join('\n'),
    ),
    message: one(
      'fleet.yaml:8:50 servers.search.after: goes in a circle: search → files → search',
      '  → one of them must be able to start without the others',
    ),
  },
]

for (const {name, text, message, environment} of cases) {
  test(`refuses ${name}`, t => {
    assert.equal(messageOf(t, text, {environment}), message)
  })
}

test('several faults are told at once, those of shape, of variables and of rules', t => {
  const text = [
    'fleet: harbour', // 1
    'servers:', // 2
    '  memory:', // 3
    '    source: {npm: memory-server}', // 4
    '    command: [memory-server]', // 5
    '    port: 80a', // 6
    '    transport: stdio', // 7
    '  search:', // 8
    '    source: {npm: search-server@1.0.0}', // 9
    '    command: [search-server]', // 10
    '    transport: stdio', // 11
    '    after: [memory]', // 12
    '    env: {A: "${UNSET}"}', // 13
    'environments:', // 14
    '  staging: {target: remote, ingress: {port: 8700}}', // 15
    'accept:', // 16
    "  - {check: health/own-path, reason: 'known for long', until: 2026-01-01}", // 17
    'colour: blue', // 18
    '',
  ].join('\n')
  assert.equal(
    messageOf(t, text),
    several(
      6,
      'fleet.yaml:13:11 servers.search.env.A: needs the variable UNSET, which is not set',
      '  → set it, or write ${UNSET:-default}',
      'fleet.yaml:4:14 servers.memory.source.npm: should be a package with its exact version, such as mcp-proxy@6.7.19, got "memory-server"',
      'fleet.yaml:6:5 servers.memory.port: should be a number, got "80a"',
      'fleet.yaml:18:1 colour: is not a known key',
      '  → known here: $schema, fleet, servers, environments, accept, contacts',
      'fleet.yaml:15:13 environments.staging.target: is no target: remote',
      '  → known: local',
      'fleet.yaml:17:56 accept.0.until: ended on 2026-01-01, today is 2026-11-20',
      '  → fix what health/own-path finds, or decide again how long it may stay',
    ),
  )
})

test('a name that a faulty server has is still known: its fault is told once', t => {
  const text = fleetText({server: ['port: 80a']}).replace(
    'environments:',
    '  search: {source: {npm: s@1.0.0}, command: [s], after: [memory]}\nenvironments:',
  )
  assert.equal(messageOf(t, text), one('fleet.yaml:6:5 servers.memory.port: should be a number, got "80a"'))
})
