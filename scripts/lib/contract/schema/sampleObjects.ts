// Objects with what is demanded, and one member at a time more, less, or out of the ordinary.
import type {Json, JsonObject} from '../surface.ts'
import {describedNames} from './describedNames.ts'
import {childOf} from './document.ts'
import {memberCase, memberSchemas} from './memberCase.ts'
import {namesAt, numberAt, objectAt} from './ownMember.ts'
import {isVaried, type Sampling} from './sampling.ts'
import {type Part, type SchemaCase, schemaCase} from './schemaCase.ts'
import {demands} from './splitCase.ts'

const mostNames = 60
const deepest = 4

interface Member {
  name: string
  demanded: boolean
  plain: Json
  found: Json[]
}

export function* sampleObjects(
  part: SchemaCase,
  hints: readonly Part[],
  depth: number,
  sampling: Sampling,
): Generator<JsonObject> {
  const members = membersOf(part, hints, depth, sampling)
  const object = (chosen: readonly Member[], changed?: {name: string; value: Json}): JsonObject =>
    Object.fromEntries([
      ...chosen.map(({name, plain}) => [name, plain]),
      ...(changed === undefined ? [] : [[changed.name, changed.value]]),
    ])
  const demanded = members.filter(member => member.demanded)
  const optional = members.filter(member => !member.demanded)
  yield object(demanded)
  for (const {name, found, plain} of members)
    for (const value of [plain, ...found]) yield object(demanded, {name, value})
  yield object(members)
  // One after another, for limits on how many there are.
  for (let count = 2; count < Math.min(optional.length, 20); count++)
    yield object([...demanded, ...optional.slice(0, count)])
  for (const one of optional.slice(0, 8)) yield object(members.filter(member => member !== one))
}

function membersOf(part: SchemaCase, hints: readonly Part[], depth: number, sampling: Sampling): Member[] {
  const {prover, standIns, samples} = sampling
  const described = describedNames(part)
  return namesFor(part, hints, described.open).flatMap(name => {
    const member = memberCase(part, name, described)
    if (member === undefined) return []
    const hinted = hints.flatMap(({node, keywords}) =>
      memberSchemas(keywords, name).schemas.map(schema => childOf(node, schema)),
    )
    const found =
      depth < deepest && isVaried(member, hinted, sampling) ? samples(member, schemaCase(hinted).parts, depth + 1) : []
    // A case that nobody can fill stands for nothing.
    if (found.length === 0 && prover.isEmpty(member)) return []
    const plain = found[0] ?? standIns.make(member.parts.map(({node}) => node))
    return [{name, demanded: demands(part, name), plain, found: found.slice(0, 30)}]
  })
}

function namesFor(part: SchemaCase, hints: readonly Part[], open: boolean): string[] {
  const names = new Set([...describedNames(part).names].slice(0, mostNames))
  if (!open) return [...names]
  for (const {keywords} of [...part.parts, ...hints]) {
    for (const name of [...Object.keys(objectAt(keywords, 'properties')), ...namesAt(keywords, 'required')])
      names.add(name)
    const most = numberAt(keywords, 'maxProperties') ?? 0
    const least = numberAt(keywords, 'minProperties') ?? 0
    for (let count = 0; count <= Math.min(20, Math.max(most + 1, least)); count++) names.add(`other${count}`)
    for (const pattern of Object.keys(objectAt(keywords, 'patternProperties')))
      names.add(pattern.replaceAll(/[\^$]/g, '').slice(0, 30))
  }
  return [...names].slice(0, mostNames)
}
