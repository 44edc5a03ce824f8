// Whether a value is one that a schema describes, in three answers, and in bounded time and depth.
import type {Json, JsonObject} from '../surface.ts'
import {acceptsArray} from './acceptsArray.ts'
import {acceptsObject} from './acceptsObject.ts'
import {acceptsScalar} from './acceptsScalar.ts'
import {type Answer, countBetween, every, not, some} from './answer.ts'
import {childOf, type SchemaNode} from './document.ts'
import {equalJson} from './equalJson.ts'
import {faultOf} from './faultOf.ts'
import {isObject, listAt, ownMember} from './ownMember.ts'
import {resolveFully} from './resolveReference.ts'
import {saysOnlyReference} from './schemaCase.ts'
import {kindOf, kindsOfType, valuesOf} from './types.ts'

/** Answers for a value that has no form: some value of the schemas that it stands for. Undefined when it has one. */
export type StandIn = (value: Json) => ((node: SchemaNode) => Answer) | undefined

export interface Accepting {
  spend(): boolean
  standIn: StandIn
}

const deepest = 60

/** `accepts(node, value)` with what it needs. */
export function makeAccepts({spend, standIn}: Accepting): (node: SchemaNode, value: Json) => Answer {
  return (node, value) => ask(node, value, 0)

  function ask(node: SchemaNode, value: Json, depth: number): Answer {
    if (typeof node.schema === 'boolean') return node.schema
    if (depth > deepest || !spend() || faultOf(node) !== undefined || !isObject(node.schema)) return undefined
    const stand = standIn(value)?.(node)
    if (stand !== undefined) return stand
    const inside = (schema: Json, part: Json) => ask(childOf(node, schema), part, depth + 1)
    const answers = [reference(node, value, depth)]
    if (saysOnlyReference(node)) return every(answers)
    answers.push(...combined(node.schema, schema => inside(schema, value)))
    if (standIn(value) === undefined) answers.push(...plain(node.schema, value, inside))
    else if (saysSomething(node.schema)) answers.push(undefined)
    return every(answers)
  }

  function reference(node: SchemaNode, value: Json, depth: number): Answer {
    const keywords = isObject(node.schema) ? node.schema : {}
    if (Object.hasOwn(keywords, '$dynamicRef') || Object.hasOwn(keywords, '$recursiveRef')) return undefined
    if (!Object.hasOwn(keywords, '$ref')) return true
    const target = resolveFully(node)
    return target === undefined ? undefined : ask(target, value, depth + 1)
  }

  function plain(keywords: JsonObject, value: Json, inside: (schema: Json, part: Json) => Answer): Answer[] {
    const values = valuesOf(keywords)
    return [
      kindsOfType(keywords).has(kindOf(value)),
      values === undefined ? true : some(values.map(allowed => sameValue(allowed, value))),
      acceptsScalar(keywords, value),
      Array.isArray(value) ? acceptsArray(keywords, value, inside, sameValue) : true,
      isObject(value) ? acceptsObject(keywords, value, inside) : true,
    ]
  }

  // Two values without a form may or may not be the same.
  function sameValue(one: Json, other: Json): Answer {
    if (equalJson(one, other)) return true
    return [one, other].some(value => holdsStandIn(value)) ? undefined : false
  }

  function holdsStandIn(value: Json): boolean {
    if (standIn(value) !== undefined) return true
    if (value === null || typeof value !== 'object') return false
    return Object.values(value).some(member => holdsStandIn(member))
  }
}

function combined(keywords: JsonObject, ask: (schema: Json) => Answer): Answer[] {
  const answers: Answer[] = []
  for (const schema of listAt(keywords, 'allOf')) answers.push(ask(schema))
  if (Object.hasOwn(keywords, 'anyOf')) answers.push(some(listAt(keywords, 'anyOf').map(ask)))
  if (Object.hasOwn(keywords, 'oneOf')) answers.push(countBetween(listAt(keywords, 'oneOf').map(ask), 1, 1))
  const [no, when] = [ownMember(keywords, 'not'), ownMember(keywords, 'if')]
  if (no !== undefined) answers.push(not(ask(no)))
  if (when !== undefined) answers.push(conditional(ask(when), keywords, ask))
  return answers
}

function conditional(when: Answer, keywords: JsonObject, ask: (schema: Json) => Answer): Answer {
  const then = when === false ? true : ask(ownMember(keywords, 'then') ?? true)
  const otherwise = when === true ? true : ask(ownMember(keywords, 'else') ?? true)
  if (when === undefined) return then === true && otherwise === true ? true : then === otherwise ? then : undefined
  return when ? then : otherwise
}

const wordsOnly = ['title', 'description', '$comment', 'examples', 'default', 'deprecated', '$schema', '$defs']
const apart = ['$ref', 'allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else', 'definitions']

function saysSomething(keywords: JsonObject): boolean {
  return Object.keys(keywords).some(name => !wordsOnly.includes(name) && !apart.includes(name))
}
