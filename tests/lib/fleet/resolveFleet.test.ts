// What an environment sets differently, and what comes from the environment, is what its fleet has.
import assert from 'node:assert/strict'
import {join} from 'node:path'
import {test} from 'node:test'
import {fleetOf, fleetText, messageOf} from './readText.ts'

const twoEnvironments = [
  'fleet: harbour',
  'servers:',
  '  memory:',
  '    source: {npm: memory-server@1.2.3}',
  '    command: [memory-server]',
  '    env: {A: one, B: one}',
  '    client: {retries: 3}',
  '    limits: {memoryMegabytes: 500}',
  '    probe: {tool: read, arguments: {deep: true}, expect: {text: all}}',
  'environments:',
  '  staging:',
  '    target: local',
  '    ingress: {port: 8700}',
  '    limits: {healthMs: 1000, memoryMegabytes: 200}',
  '    client: {timeoutMs: 3000}',
  '    servers: {memory: {port: 8701, env: {B: two}, limits: {healthMs: 500}, probe: {tool: list}}}',
  '  production: {target: local, ingress: {port: 8800}}',
  '',
].join('\n')

test('B1 staging is stricter than production in limits, client settings and single servers', t => {
  const [staging] = fleetOf(t, twoEnvironments).servers
  const [production] = fleetOf(t, twoEnvironments, {environment: 'production'}).servers
  assert.ok(staging && production)
  assert.equal(staging.limits.healthMs, 500, 'the server in this environment wins over the environment')
  assert.equal(staging.limits.memoryMegabytes, 200, 'the environment wins over the server')
  assert.equal(staging.limits.startupSeconds, 30, 'what nobody says is the default')
  assert.equal(staging.client.timeoutMs, 3000)
  assert.equal(staging.client.retries, 3, 'what the environment does not say stays')
  assert.equal(staging.port, 8701)
  assert.deepEqual(staging.env, {A: 'one', B: 'two'})
  assert.deepEqual(
    {...production.limits, ...production.client, port: production.port, env: production.env},
    {
      startupSeconds: 30,
      stopSeconds: 5,
      drainSeconds: 30,
      standbySeconds: 0,
      steadySeconds: 2,
      healthMs: 5000,
      healthIntervalMs: 250,
      memoryMegabytes: 500,
      responseBytes: 10_485_760,
      openFiles: 4096,
      leakKilobytesPerSession: 10,
      leakSeconds: 15,
      logFiles: 3,
      logMegabytes: 50,
      staleHours: 24,
      enabled: true,
      timeoutMs: 10_000,
      retries: 3,
      retryDelayMs: 200,
      cacheTools: 1000,
      cacheTtlSeconds: 300,
      port: undefined,
      env: {A: 'one', B: 'one'},
    },
  )
})

test('the probe of an environment is a call of its own, with nothing of the other', t => {
  const [staging] = fleetOf(t, twoEnvironments).servers
  assert.deepEqual(staging?.probe, {
    tool: 'list',
    arguments: {},
    expect: {outcome: 'result', match: {}},
    keep: {},
  })
})

const fromVariables = fleetText({
  server: [
    'env: {LEVEL: "${LEVEL:-5}", ZIP: "${ZIP:-01234}"}',
    'title: "${TITLE:-untitled} on ${HOST:-here}, $${NOT_ME}"',
    'client: {timeoutMs: "${TIMEOUT_MS:-4000}", retries: "${RETRIES:-1}", enabled: "${ENABLED:-true}", cacheTtlSeconds: "${CACHE_TTL_SECONDS:-60}"}',
    'probe: {tool: find, arguments: {limit: "${LIMIT:-3}", name: "${NAME:-x}"}}',
  ],
})

test('C1 C8 client settings come from the environment, from its file, or from a default, in this order', t => {
  const client = (given: Parameters<typeof fleetOf>[2]) => {
    const {enabled, timeoutMs, retries, cacheTtlSeconds} = fleetOf(t, fromVariables, given).servers[0]?.client ?? {}
    return {enabled, timeoutMs, retries, cacheTtlSeconds}
  }
  assert.deepEqual(client({}), {enabled: true, timeoutMs: 4000, retries: 1, cacheTtlSeconds: 60})
  const files = {'.env.staging': 'TIMEOUT_MS=2000\nRETRIES=2\nENABLED=false\n', '.env.production': 'RETRIES=9\n'}
  assert.deepEqual(client({files}), {enabled: false, timeoutMs: 2000, retries: 2, cacheTtlSeconds: 60})
  const exported = {TIMEOUT_MS: '1000', CACHE_TTL_SECONDS: '0.5'}
  assert.deepEqual(client({files, exported}), {enabled: false, timeoutMs: 1000, retries: 2, cacheTtlSeconds: 0.5})
})

test('what comes from the environment has the type that is wanted there', t => {
  const [server] = fleetOf(t, fromVariables, {exported: {LEVEL: '7', TITLE: '[not: yaml', LIMIT: '12'}}).servers
  assert.deepEqual(server?.env, {LEVEL: '7', ZIP: '01234'}, 'variables of a server are texts')
  assert.equal(server?.title, '[not: yaml on here, ${NOT_ME}')
  assert.deepEqual(server?.probe?.arguments, {limit: 12, name: 'x'})
  assert.match(
    messageOf(t, fromVariables, {exported: {TIMEOUT_MS: 'soon'}}),
    /client\.timeoutMs: should be a number, got "soon"\n/,
  )
  assert.match(
    messageOf(t, fromVariables, {exported: {RETRIES: '1.5'}}),
    /client\.retries: should be a whole number, got 1\.5\n/,
  )
})

test('two references that touch are a text, not a number', t => {
  const text = fleetText({server: ['port: ${A}${B}']})
  assert.match(messageOf(t, text, {exported: {A: '8', B: '1'}}), /port: should be a number, got "81"\n/)
})

test('the variables of another environment need not be set', t => {
  const text = fleetText({below: ['  production: {target: local, ingress: {port: "${PRODUCTION_PORT}"}}']})
  assert.equal(fleetOf(t, text).ingress.port, 8700)
  assert.match(messageOf(t, text, {environment: 'production'}), /needs the variable PRODUCTION_PORT, which is not set/)
  const production = fleetOf(t, text, {environment: 'production', files: {'.env.production': 'PRODUCTION_PORT=8800'}})
  assert.equal(production.ingress.port, 8800)
})

test('what is accepted elsewhere is not accepted here', t => {
  const text = fleetText({
    below: ["accept: [{check: health/own-path, reason: 'known for long', until: 2027-01-01, environments: [staging]}]"],
  }).replace('accept:', '  production: {target: local, ingress: {port: 8800}}\naccept:')
  assert.equal(fleetOf(t, text).accept.length, 1)
  assert.equal(fleetOf(t, text, {environment: 'production'}).accept.length, 0)
})

test('an acceptance holds through its last day', t => {
  const text = fleetText({below: ["accept: [{check: health/own-path, reason: 'known for long', until: 2026-11-20}]"]})
  assert.equal(fleetOf(t, text).accept.length, 1)
})

test('the root is what the file says, beside the file, or else in the state folder of the user', t => {
  const said = fleetOf(t, fleetText().replace('target: local', 'target: local, root: kept'))
  assert.equal(said.root, join(said.folder, 'kept'))
  const unsaid = fleetOf(t, fleetText(), {exported: {XDG_STATE_HOME: '/var/state'}})
  assert.equal(unsaid.root, '/var/state/seaworthy/harbour/staging')
})
