// Reads a fleet file from a text, and gives the fleet or the whole message of what is wrong with it.
import assert from 'node:assert/strict'
import {join} from 'node:path'
import type {TestContext} from 'node:test'
import {explain} from '../../../scripts/lib/errors/explain.ts'
import {UserError} from '../../../scripts/lib/errors/userError.ts'
import {readFleet} from '../../../scripts/lib/fleet/readFleet.ts'
import type {Fleet} from '../../../scripts/lib/fleet/resolveFleet.ts'
import type {Variables} from '../../../scripts/lib/fleet/variables.ts'
import {temporaryFolder} from '../temporaryFolder.ts'

export interface Given {
  environment?: string
  exported?: Variables
  /** Further files beside the fleet file, by path. */
  files?: Record<string, string>
}

export const known = {
  targets: ['local'],
  phases: ['reachability', 'health', 'tools', 'calls'],
  today: '2026-11-20',
}

export function fleetOf(
  test: TestContext,
  text: string,
  {environment = 'staging', exported = {}, files}: Given = {},
): Fleet {
  const folder = temporaryFolder(test, {...files, 'fleet.yaml': text})
  return readFleet(join(folder, 'fleet.yaml'), environment, exported, known).fleet
}

/** What a person reads when the text is refused. */
export function messageOf(test: TestContext, text: string, given: Given = {}): string {
  try {
    fleetOf(test, text, given)
  } catch (thrown) {
    assert.ok(thrown instanceof UserError, `should be an expected fault, is ${explain(thrown)}`)
    return explain(thrown)
  }
  return assert.fail('the fleet file should be refused')
}

/** The smallest fleet, with lines of the test's own below the one server, and below everything. */
export function fleetText({server = [], below = []}: {server?: string[]; below?: string[]} = {}): string {
  const lines = [
    'fleet: harbour', // 1
    'servers:', // 2
    '  memory:', // 3
    "    source: {npm: 'memory-server@1.2.3'}", // 4
    '    command: [memory-server]', // 5
    ...server.map(line => `    ${line}`), // 6 …
    'environments:',
    '  staging: {target: local, ingress: {port: 8700}}',
    ...below,
  ]
  return `${lines.join('\n')}\n`
}
