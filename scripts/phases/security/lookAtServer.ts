// Looks at one server for the phase `security`: its processes, its log, its answers and its code.
import {explain} from '../../lib/errors/explain.ts'
import type {InstanceServer} from '../../lib/target/instance.ts'
import type {PhaseContext} from '../phase.ts'
import {recallTools} from '../toolCatalogue.ts'
import {type CredentialScanner, credentialScanner} from './credentialScanner.ts'
import {leaksIn} from './leaksIn.ts'
import {lookAtProcesses} from './lookAtProcesses.ts'
import {flagsOfInstructions, flagsOfTool} from './redFlags.ts'
import type {SecuritySeen} from './securitySeen.ts'
import {serverAnswers} from './serverAnswers.ts'
import {sourceScan} from './sourceScan.ts'

const logLines = 2000

export async function lookAtServer(context: PhaseContext, server: InstanceServer): Promise<SecuritySeen> {
  const scanner = await credentialScanner()
  const [processes, log, spoken, sources] = await Promise.all([
    lookAtProcesses(context, server),
    lookAtLog(context, server.name, scanner),
    lookAtAnswers(context, server, scanner),
    lookAtSources(context, server),
  ])
  return {declared: {address: '127.0.0.1', port: server.port}, processes, log, ...spoken, sources}
}

/** The last lines of a program's log. */
export async function lookAtLog(
  {logs, secrets}: Pick<PhaseContext, 'logs' | 'secrets'>,
  program: string,
  scanner: CredentialScanner,
): Promise<SecuritySeen['log']> {
  try {
    const text = await logs(program, logLines)
    return {seen: {lines: text.split('\n').length - 1, leaks: await leaksIn(text, 'the log', {secrets, scanner})}}
  } catch (thrown) {
    return {unseen: `its log could not be read: ${explain(thrown)}`}
  }
}

async function lookAtAnswers(
  context: PhaseContext,
  server: InstanceServer,
  scanner: CredentialScanner,
): Promise<Pick<SecuritySeen, 'answers' | 'descriptions'>> {
  const {unopened, texts, instructions, tools, marked} = await serverAnswers(context, server)
  if (unopened !== undefined) {
    const unseen = `it could not be opened: ${unopened}`
    return {answers: {unseen}, descriptions: {unseen}}
  }
  const {secrets} = context
  const found = await Promise.all(texts.map(({of, text}) => leaksIn(text, of, {secrets, scanner})))
  const leaks = [...found.flat(), ...marked.map(({of, secret}) => ({of, line: 1, what: `the secret ${secret}`}))]
  const others = toolsOfOthers(context, server, new Set(tools.map(tool => tool.name)))
  const flags = [...flagsOfInstructions(instructions, others), ...tools.flatMap(tool => flagsOfTool(tool, others))]
  return {
    answers: {seen: {texts: texts.map(({of}) => of), leaks}},
    descriptions: {seen: {tools: tools.length, others: others.size, flags}},
  }
}

function toolsOfOthers(context: PhaseContext, server: InstanceServer, own: ReadonlySet<string>): Map<string, string> {
  const others = context.servers.filter(({name}) => name !== server.name)
  const pairs = others.flatMap(other =>
    (recallTools(context, other, new Date()) ?? []).map(tool => [tool.name, other.name] as const),
  )
  return new Map(pairs.filter(([name]) => !own.has(name)))
}

async function lookAtSources(context: PhaseContext, server: InstanceServer): Promise<SecuritySeen['sources']> {
  const seen = await sourceScan(server.settings, context)
  return seen === undefined ? {skipped: 'its code is not on this machine'} : {seen}
}
