// The servers that are mutated: three of others and one of ours, as the sample fleet declares them, and fixtures.
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {parse} from 'yaml'
import type {SubjectName} from './mutant.ts'

export const project = join(import.meta.dirname, '..', '..')

type Declared = Record<string, unknown>

const fixture = {
  source: {folder: 'tests/fixtures/servers'},
  command: ['node', 'healthy.mjs'],
  health: '/health',
  env: {PORT: '{port}'},
  limits: {memoryMegabytes: 400},
  probe: {tool: 'add', arguments: {a: 1, b: 2}, expect: {text: '3'}},
  calls: [{name: 'echoes', tool: 'echo', arguments: {message: 'ahoy'}, expect: {text: 'ahoy'}}],
}

/** What the fleet file says of the server of that name. */
export function declaredOf(subject: SubjectName): Declared {
  if (subject === 'fixture') return fixture
  if (subject === 'legacy') return {...fixture, env: {...fixture.env, ERA: 'legacy'}}
  if (subject === 'bridged') return {...fixture, command: ['node', 'bridge.mjs']}
  const {servers} = parse(readFileSync(join(project, 'fleet.yaml'), 'utf8'))
  return servers[subject]
}
