// The annotated template documents every key, the editor schema is the one that checks, and both files pass it.
import assert from 'node:assert/strict'
import {readFileSync} from 'node:fs'
import {test} from 'node:test'
import {fileURLToPath} from 'node:url'
import {Ajv2020} from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import {schemaText} from '../../../scripts/lib/fleet/editorSchema.ts'
import {parseEnvFile} from '../../../scripts/lib/fleet/parseEnvFile.ts'
import {readFleet} from '../../../scripts/lib/fleet/readFleet.ts'
import {readFleetText} from '../../../scripts/lib/fleet/readFleetText.ts'
import {fleetFile} from '../../../scripts/lib/fleet/schema.ts'
import {phaseNames} from '../../../scripts/phases/index.ts'
import {targetNames} from '../../../scripts/targets/index.ts'

const pathOf = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url))
const template = pathOf('templates/fleet.yaml')
const today = new Date().toISOString().slice(0, 10)

interface Node {
  shape?: Record<string, Node>
  element?: Node
  valueType?: Node
  def?: {innerType?: Node}
}

// These hold the keys of a server's own client, limits, probe and calls again, and need not be written out again.
const repeated =
  /^environments\.\*\.(limits|client)\.|^environments\.\*\.servers\.\*\.\w+\.|\.(probe)\.(expect|keep|name)/

/** Every path that the schema knows; `*` stands for a name, `[]` for an entry of a list. */
function pathsOf(node: Node, path: string[] = []): string[][] {
  if (node.def?.innerType) return pathsOf(node.def.innerType, path)
  if (node.element) return pathsOf(node.element, [...path, '[]'])
  if (node.valueType) return pathsOf(node.valueType, [...path, '*'])
  return Object.entries(node.shape ?? {}).flatMap(([key, child]) => [[...path, key], ...pathsOf(child, [...path, key])])
}

/** Concrete paths in a value that a path with `*` and `[]` stands for. */
function found(value: unknown, [part, ...rest]: string[], at: (string | number)[] = []): (string | number)[][] {
  if (part === undefined) return value === undefined ? [] : [at]
  if (value === null || typeof value !== 'object') return []
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return entries
    .filter(([key]) => (part === '[]') === Array.isArray(value) && (part === '*' || part === '[]' || part === key))
    .flatMap(([key, item]) => found(item, rest, [...at, key]))
}

test('templates/fleet.yaml has every key of the schema, each with a word on it in its line', () => {
  const {value, place} = readFleetText(template)
  const lines = readFileSync(template, 'utf8').split('\n')
  const paths = pathsOf(fleetFile as unknown as Node).filter(path => !repeated.test(path.join('.')))
  assert.ok(paths.length > 80, `the walk found only ${paths.length} keys`)
  const hasWord = (path: (string | number)[]) => {
    const line = Number(place(path).split(':')[1])
    return / # \w/.test(lines[line - 1] ?? '') || /^\s*# \w/.test(lines[line - 2] ?? '')
  }
  const missing = paths.filter(path => !found(value, path).length).map(path => path.join('.'))
  const silent = paths.filter(path => found(value, path).length > 0 && !found(value, path).some(hasWord))
  assert.deepEqual(missing, [], 'keys that the template does not have')
  assert.deepEqual(
    silent.map(path => path.join('.')),
    ['servers', 'environments'],
    'keys that have no comment; the headings need none',
  )
})

for (const name of ['fleet.yaml', 'templates/fleet.yaml']) {
  for (const environment of ['staging', 'production']) {
    test(`${name} can be used for ${environment}`, () => {
      const {fleet} = readFleet(pathOf(name), environment, {}, {targets: targetNames, phases: phaseNames, today})
      assert.ok(fleet.servers.length > 1)
    })
  }

  test(`${name} passes the schema that editors use`, () => {
    const ajv = new Ajv2020({strict: false, allErrors: true})
    addFormats.default(ajv)
    const validate = ajv.compile(JSON.parse(schemaText()) as object)
    assert.ok(validate(readFleetText(pathOf(name)).value), JSON.stringify(validate.errors, null, 2))
    assert.ok(!validate({fleet: 'x', servers: {}, environments: {}, colour: 1}), 'it must refuse an unknown key')
  })
}

test('templates/fleet.schema.json is what the definitions say; pnpm fleet:schema writes it', () => {
  assert.equal(readFileSync(pathOf('templates/fleet.schema.json'), 'utf8'), schemaText())
})

test('editors take a number, or a reference in its place, and nothing else', () => {
  const ajv = new Ajv2020({strict: false})
  addFormats.default(ajv)
  const validate = ajv.compile(JSON.parse(schemaText()) as object)
  const withPort = (port: unknown) => ({
    fleet: 'x',
    servers: {a: {source: {npm: 'a@1.0.0'}, command: ['a'], port}},
    environments: {staging: {target: 'local', ingress: {port: 8700}}},
  })
  assert.deepEqual(
    [8080, '${PORT:-8080}', '80a', 80.5].map(port => validate(withPort(port))),
    [true, true, false, false],
  )
})

test('B1 the env files of staging and production are templates, with staging stricter', () => {
  const read = (name: string) => parseEnvFile(readFileSync(pathOf(`templates/env/${name}.example`), 'utf8'), name)
  const [staging, production] = [read('staging'), read('production')]
  assert.ok(Number(staging.SEARCH_TIMEOUT_MS) < Number(production.SEARCH_TIMEOUT_MS))
  const known = {targets: targetNames, phases: phaseNames, today}
  const strict = readFleet(template, 'staging', staging, known).fleet.servers
  const loose = readFleet(template, 'production', production, known).fleet.servers
  for (const [index, server] of strict.entries()) {
    assert.ok(server.limits.healthMs < (loose[index]?.limits.healthMs ?? 0))
    assert.ok(server.client.timeoutMs < (loose[index]?.client.timeoutMs ?? 0))
  }
})

test('B1 the sample fleet itself is stricter in staging', () => {
  const known = {targets: targetNames, phases: phaseNames, today}
  const of = (environment: string) => readFleet(pathOf('fleet.yaml'), environment, {}, known).fleet.servers
  for (const [index, server] of of('staging').entries()) {
    const other = of('production')[index]
    assert.ok(
      other && server.limits.healthMs < other.limits.healthMs && server.client.timeoutMs < other.client.timeoutMs,
    )
  }
})
