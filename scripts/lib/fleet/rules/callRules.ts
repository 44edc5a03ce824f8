// Rules about declared tool calls: what they expect can be compared, and what they use was kept before.
import {checkName} from '../../expect/checkName.ts'
import {fillKept} from '../../expect/fillKept.ts'
import {pathFault} from '../../expect/jsonPath.ts'
import {compileSchema} from '../../mcp/schemaCheck.ts'
import type {Fault, Path} from '../../saved/fault.ts'
import type {Call, FleetFile, Probe} from '../schema.ts'
import {eachServer, type Rule} from './rule.ts'

export const callRules: Rule[] = [
  fleet => probesOf(fleet).flatMap(({call, path}) => callFaults(call, path)),
  fleet => callListsOf(fleet).flatMap(({calls, path}) => calls.flatMap((call, i) => callFaults(call, [...path, i]))),
  fleet => callListsOf(fleet).flatMap(({calls, path}) => sameNames(calls, path)),
  eachServer(({counter}, path) => [
    ...(counter === undefined ? [] : notAPath(counter.read.ids, [...path, 'counter', 'read', 'ids'])),
    ...(counter?.first === undefined ? [] : notAPath(counter.first, [...path, 'counter', 'first'])),
  ]),
  fleet => callListsOf(fleet).flatMap(({calls, path}) => neverKept(calls, path)),
]

interface Declared {
  path: Path
  probe?: Probe | undefined
  calls?: Call[] | undefined
}

function declared(fleet: FleetFile): Declared[] {
  const own = Object.entries(fleet.servers).map(([name, server]) => ({path: ['servers', name], ...server}))
  const overrides = Object.entries(fleet.environments).flatMap(([environment, {servers}]) =>
    Object.entries(servers).map(([name, server]) => ({
      path: ['environments', environment, 'servers', name],
      ...server,
    })),
  )
  return [...own, ...overrides]
}

function probesOf(fleet: FleetFile): {call: Probe; path: Path}[] {
  return declared(fleet).flatMap(({path, probe}) => (probe ? [{call: probe, path: [...path, 'probe']}] : []))
}

function callListsOf(fleet: FleetFile): {calls: Call[]; path: Path}[] {
  return declared(fleet).flatMap(({path, calls}) => (calls ? [{calls, path: [...path, 'calls']}] : []))
}

function callFaults({expect, keep}: Probe, path: Path): Fault[] {
  const {match, cost, schema} = expect
  const at = [...path, 'expect']
  return [
    ...Object.keys(match).flatMap(key => notAPath(key, [...at, 'match', key])),
    ...Object.entries(match).flatMap(([key, {matches}]) => notAPattern(matches, [...at, 'match', key, 'matches'])),
    ...(cost === undefined ? [] : notAPath(cost.path, [...at, 'cost', 'path'])),
    ...Object.entries(keep).flatMap(([name, value]) => notAPath(value, [...path, 'keep', name])),
    ...notASchema(schema, [...at, 'schema']),
  ]
}

function notAPath(value: string, path: Path): Fault[] {
  const reason = pathFault(value)
  return reason === undefined
    ? []
    : [
        {
          path,
          message: `should be a JSONPath, got ${value}: ${reason}`,
          remedy: "RFC 9535, such as '$.structuredContent.items[*].name'",
        },
      ]
}

function notAPattern(value: string | undefined, path: Path): Fault[] {
  try {
    new RegExp(value ?? '')
    return []
  } catch (error) {
    return [{path, message: `should be a regular expression, got ${value}: ${(error as Error).message}`}]
  }
}

function notASchema(value: unknown, path: Path): Fault[] {
  const check = value === undefined ? undefined : compileSchema(value)
  return check === undefined || check.ok ? [] : [{path, message: `should be a JSON Schema: ${check.reason}`}]
}

// Two calls of one name would be one check with two verdicts.
function sameNames(calls: readonly Call[], path: Path): Fault[] {
  const names = calls.map(call => checkName(call.name ?? call.tool))
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [
          {
            path: [...path, index],
            message: `has the name of an earlier call: ${name}`,
            remedy: 'give it a name of its own; it is the id of its check',
          },
        ],
  )
}

function neverKept(calls: readonly Call[], path: Path): Fault[] {
  return calls.flatMap((call, index) => {
    const kept = Object.assign({}, ...calls.slice(0, index).map(earlier => earlier.keep)) as Record<string, string>
    return [...new Set(fillKept(call.arguments, kept).missing)].map(name => ({
      path: [...path, index, 'arguments'],
      message: `uses {kept.${name}}, which no earlier call of this server keeps`,
      remedy: `add keep: {${name}: '$…'} to an earlier call`,
    }))
  })
}
