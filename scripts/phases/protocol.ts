// Every server answers wrong requests as the protocol says, and survives them.

import {openMcp} from '../lib/mcp/client.ts'
import type {OpenResult} from '../lib/mcp/connect.ts'
import type {Outcome} from '../lib/mcp/outcome.ts'
import type {Era} from '../lib/mcp/protocol.ts'
import {type InstanceServer, isRehearsal} from '../lib/target/instance.ts'
import {boundsOf, headersOf} from './clientOf.ts'
import {climbServer} from './climbServer.ts'
import type {Check, Phase, PhaseContext} from './phase.ts'
import {type Afterwards, judgeAfterwards} from './protocol/afterwards.ts'
import {askAll} from './protocol/askAll.ts'
import {callableOf} from './protocol/callable.ts'
import {judgeQuestion} from './protocol/judgeQuestion.ts'
import {judgeSuite} from './protocol/judgeSuite.ts'
import type {Answered} from './protocol/question.ts'
import {questions} from './protocol/questions.ts'
import type {Subject} from './protocol/subject.ts'
import {runSuite, type SuiteSeen} from './protocol/suite.ts'

interface ProtocolSeen {
  opened: {era: Era; ok: boolean; outcome: Outcome}[]
  /** By name of question. */
  answers: Record<string, Answered>
  suite?: SuiteSeen
  afterwards?: Afterwards
}

const eras: readonly Era[] = ['modern', 'legacy']
// A wrong request is refused at once; a server that thinks longer about it is stuck.
const answerWithinMs = 5000
const answerBytes = 1024 * 1024
const suiteWithinMs = 60_000

export const protocol: Phase<ProtocolSeen> = {
  name: 'protocol',
  title: 'Every server rejects invalid requests as specified and passes the official conformance suite',
  carries: true,
  deadlineMs: settings => 120_000 + (settings?.client.timeoutMs ?? 5000) * 6,

  server: {
    observe: async (context, server) => {
      const before = await statusOf(context, server)
      const opened = await Promise.all(eras.map(async era => ({era, result: await open(server, era, context)})))
      const seen = {opened: opened.map(({era, result: {ok, outcome}}) => ({era, ok, outcome}))}
      try {
        const subjects = await Promise.all(opened.map(({era, result}) => subjectOf(server, era, result, context)))
        const spoken = subjects.filter(subject => subject !== undefined)
        if (spoken.length === 0) return {...seen, answers: {}}
        return {...seen, ...(await question(spoken, server, context, before))}
      } finally {
        await Promise.all(opened.map(({result}) => result.ok && result.client.close()))
      }
    },
    evidence: ({opened}) => ({have: opened.length, need: 1, what: 'attempts to open it'}),
    judge: seen => [
      judgeOpened(seen.opened),
      ...(seen.afterwards === undefined ? [] : questions.flatMap(question => answeredChecks(question.name, seen))),
      ...(seen.suite === undefined ? [] : judgeSuite(seen.suite)),
      ...(seen.afterwards === undefined ? [] : [judgeAfterwards(seen.afterwards)]),
    ],
  },
}

function open(server: InstanceServer, era: Era, context: PhaseContext): Promise<OpenResult> {
  return openMcp({url: server.through, era, ...boundsOf(server, context)})
}

async function subjectOf(
  server: InstanceServer,
  era: Era,
  opened: OpenResult,
  context: PhaseContext,
): Promise<Subject | undefined> {
  if (!opened.ok) return undefined
  return {
    era,
    url: server.through,
    inside: server.endpoint,
    client: opened.client,
    tools: (await opened.client.listTools()).tools,
    settings: server.settings,
    credentials: headersOf(server, context),
    isRehearsal: isRehearsal(context.instance),
  }
}

async function question(
  subjects: readonly Subject[],
  server: InstanceServer,
  context: PhaseContext,
  before: Afterwards['before'],
): Promise<Omit<ProtocolSeen, 'opened'>> {
  const {signal} = context
  const timeoutMs = Math.min(server.settings.client.timeoutMs, answerWithinMs)
  const answers = await askAll(subjects, {timeoutMs, maximumBytes: answerBytes, signal})
  const suite = await context.inTurn(() =>
    runSuite({
      url: server.through,
      credentials: headersOf(server, context),
      eras: subjects.map(subject => ({
        era: subject.era,
        capabilities: subject.client.serverCapabilities,
        tools: callableOf(subject),
      })),
      signal,
      deadlineMs: suiteWithinMs,
    }),
  )
  const [inside, through] = await Promise.all([
    climbServer(server, server.endpoint, context),
    climbServer(server, server.through, context),
  ])
  return {answers, suite, afterwards: {inside, through, before, after: await statusOf(context, server)}}
}

async function statusOf(context: PhaseContext, server: InstanceServer) {
  return (await context.inspect()).find(program => program.name === server.name)
}

function answeredChecks(name: string, {answers}: ProtocolSeen): Check[] {
  const question = questions.find(candidate => candidate.name === name)
  const answered = answers[name]
  return question === undefined || answered === undefined ? [] : [judgeQuestion(question, answered)]
}

// A server of one era refuses the other in whatever way; one that says nothing at all may speak it and be stuck.
function judgeOpened(opened: ProtocolSeen['opened']): Check {
  const name = 'opened'
  const spoken = opened.filter(({ok}) => ok)
  const evidence = opened.map(({era, outcome}) => `${era}: ${outcome.summary}`).join('\n')
  const silent = opened.find(({ok, outcome}) => !ok && outcome.status === undefined)
  if (spoken.length === 0)
    return {
      name,
      verdict: 'fail',
      detail: `could be opened in no era, so nothing was asked: ${opened.at(-1)?.outcome.summary}`,
      byTime: opened.every(({outcome}) => outcome.kind === 'deadline'),
      remedy: 'see the health ladder of this server',
      evidence,
    }
  if (silent !== undefined)
    return {
      name,
      verdict: 'inconclusive',
      detail: `the ${silent.era} era got no answer: ${silent.outcome.summary}`,
      byTime: silent.outcome.kind === 'deadline',
      evidence,
    }
  return {name, verdict: 'pass', detail: `speaks the ${spoken.map(({era}) => era).join(' and the ')} era`, evidence}
}
