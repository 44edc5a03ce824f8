// Runs the official conformance suite against one server, in a child process that ends with the run.
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {text} from 'node:stream/consumers'
import {fileURLToPath} from 'node:url'
import type {JsonObject} from '../../lib/mcp/jsonRpc.ts'
import type {Era} from '../../lib/mcp/protocol.ts'
import {type Callable, isOfFixture, mayCall} from './callable.ts'
import {openForwarder} from './forwarder.ts'
import {type Chosen, chooseScenarios, headerScenario, suiteRevision} from './scenarios.ts'

export interface SuiteCheck {
  id: string
  status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO'
  error?: string
  /** The suite itself says that this server does not let it be tested. */
  untestable?: true
}

export interface SuiteSeen {
  eras: {era: Era; capabilities: JsonObject; chosen: Chosen}[]
  results: {era: Era; scenario: string; checks: SuiteCheck[]}[]
  /** Why there are no results. */
  fault?: string
}

export interface SuiteOptions {
  url: string
  credentials: Record<string, string>
  eras: {era: Era; capabilities: JsonObject; tools: Callable}[]
  signal: AbortSignal
  /** Deadline of the whole. */
  deadlineMs: number
}

/** For one scenario; the slowest of them mostly waits. */
const scenarioMs = 20_000

/** Never throws for what the suite or the server does: then `fault` says why. */
export async function runSuite({url, credentials, eras, signal, deadlineMs}: SuiteOptions): Promise<SuiteSeen> {
  const chosen = eras.map(({era, capabilities, tools}) => ({
    era,
    capabilities,
    chosen: chooseScenarios(era, capabilities, tools),
  }))
  const wanted = chosen.flatMap(({era, chosen: {run}}) => run.map(name => `${suiteRevision[era]}:${name}`))
  // The suite lists the tools by itself, and another one may stand first by then.
  const seen = eras.map(({tools}) => tools)
  await using forwarder = await openForwarder(url, credentials, tool => mayCall(tool, seen))
  const output = await runChild([forwarder.url, String(scenarioMs), ...wanted], signal, deadlineMs)
  signal.throwIfAborted()
  if ('fault' in output) return {eras: chosen, results: [], fault: output.fault}
  const results = (output.results as {revision: string; scenario: string; checks: SuiteCheck[]}[]).map(
    ({revision, scenario, checks}) => ({
      era: revision === suiteRevision.modern ? ('modern' as const) : ('legacy' as const),
      scenario,
      checks,
    }),
  )
  const refused = forwarder.refused.find(tool => !isOfFixture(tool))
  return refused === undefined ? {eras: chosen, results} : withoutCalls({eras: chosen, results}, refused)
}

function withoutCalls({eras, results}: SuiteSeen, tool: string): SuiteSeen {
  const why = `the list of tools changed, and ${tool} stood first, which may not be called here`
  return {
    eras: eras.map(one => ({
      ...one,
      chosen: {
        run: one.chosen.run.filter(scenario => scenario !== headerScenario),
        left: [...one.chosen.left, ...(one.era === 'modern' ? [{scenario: headerScenario, why}] : [])],
      },
    })),
    results: results.filter(({scenario}) => scenario !== headerScenario),
  }
}

type ChildEnd = {results: unknown[]} | {fault: string}

const pathOf = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const program = ['--import', pathOf('../../lib/startup/warmStart.mjs'), pathOf('suiteChild.ts')]
// To remove its files once its standard input ended.
const graceMs = 2000

async function runChild(words: string[], signal: AbortSignal, deadlineMs: number): Promise<ChildEnd> {
  const child = spawn(process.execPath, [...program, ...words], {
    // None of our environment: it needs no secret. Its standard input ends with us, however we end, and it with that.
    env: {PATH: process.env.PATH, TMPDIR: process.env.TMPDIR},
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const overdue = AbortSignal.timeout(deadlineMs)
  let grace: NodeJS.Timeout | undefined
  const kill = () => {
    child.stdin.destroy()
    grace = setTimeout(() => child.kill('SIGKILL'), graceMs)
  }
  const bounded = AbortSignal.any([signal, overdue])
  bounded.addEventListener('abort', kill, {once: true})
  if (bounded.aborted) kill()
  const [said, complaints, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])
  bounded.removeEventListener('abort', kill)
  clearTimeout(grace)
  if (overdue.aborted) return {fault: `the suite did not end within ${deadlineMs} ms`}
  if (exitCode !== 0) return {fault: `the suite ended with ${exitCode}: ${complaints.trim().slice(-500)}`}
  try {
    return {results: JSON.parse(said)}
  } catch {
    // What it printed is quoted instead.
    return {fault: `the suite gave no results: ${said.slice(0, 200)}${complaints.trim().slice(-300)}`}
  }
}
