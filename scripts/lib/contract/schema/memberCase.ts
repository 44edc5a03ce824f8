// What the parts of a case say of one member of an object.
import type {Json, JsonObject} from '../surface.ts'
import type {Described} from './describedNames.ts'
import {childOf} from './document.ts'
import {objectAt, ownMember} from './ownMember.ts'
import {runPattern} from './runPattern.ts'
import {type SchemaCase, schemaCase} from './schemaCase.ts'

export interface MemberSchemas {
  schemas: readonly Json[]
  /** False where a pattern could not be run, so that there may be more. */
  sure: boolean
}

export function memberSchemas(keywords: JsonObject, name: string): MemberSchemas {
  const own = ownMember(objectAt(keywords, 'properties'), name)
  const patterns = Object.entries(objectAt(keywords, 'patternProperties')).map(([pattern, schema]) => ({
    schema,
    matches: runPattern(pattern, name),
  }))
  const matching = patterns.filter(({matches}) => matches === true).map(({schema}) => schema)
  const sure = patterns.every(({matches}) => matches !== undefined)
  const rest = ownMember(keywords, 'additionalProperties')
  if (own !== undefined) return {schemas: [own, ...matching], sure}
  const isRest = rest !== undefined && matching.length === 0 && sure
  return {schemas: isRest ? [rest] : matching, sure}
}

/** Undefined where nobody sends such a member. What is uncertain is left out, so that the case is rather too wide. */
export function memberCase(values: SchemaCase, name: string, {names, open}: Described): SchemaCase | undefined {
  if (!open && !names.has(name)) return undefined
  const nodes = values.parts.flatMap(({node, keywords}) =>
    memberSchemas(keywords, name).schemas.map(schema => childOf(node, schema)),
  )
  const member = schemaCase(nodes)
  return member.never ? undefined : member
}
