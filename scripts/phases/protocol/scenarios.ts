// Which scenarios of the official suite can judge a server that has no fixture tools, and what they need of it.
import type {JsonObject} from '../../lib/mcp/jsonRpc.ts'
import {type Era, legacyVersions, modernVersion} from '../../lib/mcp/protocol.ts'
import type {Callable} from './callable.ts'

/** The revision that the suite is to speak, by era. */
export const suiteRevision: Record<Era, string> = {legacy: legacyVersions[0], modern: modernVersion}

/** The only one that calls a tool of the server's own. */
export const headerScenario = 'http-header-validation'

interface Scenario {
  name: string
  eras: readonly Era[]
  /** A capability that the server must declare, or the scenario is not about it. */
  needs?: string
  /** It calls the tool that the server lists first, without arguments. */
  callsFirst?: true
}

const scenarios: readonly Scenario[] = [
  {name: 'server-initialize', eras: ['legacy']},
  {name: 'ping', eras: ['legacy']},
  {name: 'server-session-lifecycle', eras: ['legacy']},
  {name: 'server-sse-multiple-streams', eras: ['legacy', 'modern']},
  {name: 'dns-rebinding-protection', eras: ['legacy', 'modern']},
  {name: 'tools-list', eras: ['legacy', 'modern'], needs: 'tools'},
  {name: 'resources-list', eras: ['legacy', 'modern'], needs: 'resources'},
  {name: 'prompts-list', eras: ['legacy', 'modern'], needs: 'prompts'},
  {name: 'logging-set-level', eras: ['legacy'], needs: 'logging'},
  {name: 'server-stateless', eras: ['modern']},
  {name: headerScenario, eras: ['modern'], needs: 'tools', callsFirst: true},
  {name: 'caching', eras: ['modern']},
  {name: 'sep-2164-resource-not-found', eras: ['modern'], needs: 'resources'},
]

/**
 * All others call tools, resources or prompts that only a fixture has, and some pass where those are missing: the suite takes
 * "unknown tool" for the error that it wanted (modelcontextprotocol/conformance, issues 515 and 516).
 */
export const needFixtures = [
  'completion-complete',
  'elicitation-*',
  'http-custom-header-server-validation',
  'input-required-result-*',
  'json-schema-2020-12',
  'prompts-get-*',
  'resources-read-*',
  'resources-templates-read',
  'resources-subscribe',
  'resources-unsubscribe',
  'sep-2640-*',
  'server-sse-polling',
  'tasks-*',
  'tools-call-*',
]

/** Checks within a scenario that rest on a fixture tool, or on a capability that the server need not have. */
const notOfThisServer: {check: RegExp; unless?: string; why: string}[] = [
  {check: /^sep-2575-server-rejects-undeclared-capability$/, why: 'needs the tool test_missing_capability'},
  {check: /^sep-2575-missing-capability-http-400$/, why: 'needs the tool test_missing_capability'},
  {check: /^sep-2575-server-sends-\w+-list-changed/, why: 'needs the tool test_trigger_tool_change'},
  // The suite says so itself, unless the refusal is JSON in more than one line, which it does not read.
  {
    check: /^sep-2575-http-server-no-independent-requests-on-stream$/,
    why: 'needs the tool test_streaming_elicitation',
  },
  {check: /^sep-2575-server-no-log-without-loglevel$/, why: 'needs the tool test_logging_tool'},
  {check: /^localhost-host-valid-accepted$/, why: 'which pages may call is for the fleet to say, and may be none'},
  {check: /^server-session-terminated-returns-404$/, why: 'protocol/terminated-session says it'},
  {check: /^server-sse-multiple-streams-session$/, why: 'about a session, which a server need not make'},
  {check: /^sep-2549-tools-/, unless: 'tools', why: 'the server declares no tools'},
  {check: /^sep-2549-prompts-/, unless: 'prompts', why: 'the server declares no prompts'},
  {check: /^sep-2549-resource/, unless: 'resources', why: 'the server declares no resources'},
]

export interface Chosen {
  run: string[]
  /** Not run, with the reason. */
  left: {scenario: string; why: string}[]
}

/** The scenarios for a server of this era with these capabilities and tools. */
export function chooseScenarios(era: Era, capabilities: JsonObject, tools: Callable): Chosen {
  const whyNot = ({needs, callsFirst}: Scenario) => {
    if (needs !== undefined && capabilities[needs] === undefined) return `the server declares no ${needs}`
    return callsFirst ? whyNotCalled(tools) : undefined
  }
  const ofEra = scenarios.filter(({eras}) => eras.includes(era)).map(one => ({scenario: one.name, why: whyNot(one)}))
  return {
    run: ofEra.filter(({why}) => why === undefined).map(({scenario}) => scenario),
    left: ofEra.flatMap(({scenario, why}) => (why === undefined ? [] : [{scenario, why}])),
  }
}

function whyNotCalled({listed: [first], callable}: Callable): string | undefined {
  if (first === undefined || callable.includes(first)) return undefined
  return `it calls the tool that is listed first, and ${first} is neither called by the fleet file here nor says that it is safe`
}

/** Why a check of the suite does not count for a server with these capabilities; undefined when it counts. */
export function whyNotCounted(
  {id, untestable}: {id: string; untestable?: boolean},
  capabilities: JsonObject,
): string | undefined {
  if (untestable) return 'the suite says that it needs a fixture'
  return notOfThisServer.find(
    ({check, unless}) => check.test(id) && (unless === undefined || capabilities[unless] === undefined),
  )?.why
}
