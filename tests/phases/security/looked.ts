// Runs the server part of the phase `security` on a real server, and gives its checks by name with all that was written down.
import assert from 'node:assert/strict'
import type {TestContext} from 'node:test'
import type {Check} from '../../../scripts/phases/phase.ts'
import {security} from '../../../scripts/phases/security.ts'
import {type StartOptions, startServer} from '../startedServer.ts'

export interface Looked {
  checks: Record<string, Check>
  /** All that the journal would hold of it. */
  written: string
}

export async function looked(test: TestContext, options: StartOptions = {}): Promise<Looked> {
  const part = security.server
  assert.ok(part)
  const {context, server} = await startServer(test, options)
  const seen = await part.observe(context, server)
  const checks = part.judge(structuredClone(seen), server.settings)
  return {checks: Object.fromEntries(checks.map(check => [check.name, check])), written: JSON.stringify([seen, checks])}
}

/** Names of the checks that are no pass. */
export function notPassed({checks}: Looked): string[] {
  return Object.values(checks).flatMap(({name, verdict}) => (verdict === 'pass' ? [] : [name]))
}

export function findingsOf({checks}: Looked): string[] {
  return Object.values(checks).flatMap(({findings = []}) => findings.map(({place, text}) => `${place}: ${text}`))
}
