// The keywords that speak of objects, asked of one object.
import type {Json, JsonObject} from '../surface.ts'
import {type Answer, every, some} from './answer.ts'
import {namesAt, numberAt, objectAt, ownMember} from './ownMember.ts'
import {runPattern} from './runPattern.ts'

export function acceptsObject(
  keywords: JsonObject,
  value: JsonObject,
  inside: (schema: Json, member: Json) => Answer,
): Answer {
  const names = Object.keys(value)
  const nameSchema = ownMember(keywords, 'propertyNames')
  return every([
    names.length >= (numberAt(keywords, 'minProperties') ?? 0),
    names.length <= (numberAt(keywords, 'maxProperties') ?? Infinity),
    ...namesAt(keywords, 'required').map(name => Object.hasOwn(value, name)),
    ...Object.entries(value).map(([name, member]) => acceptsMember(keywords, name, member, inside)),
    ...(nameSchema === undefined ? [] : names.map(name => inside(nameSchema, name))),
    ...dependencies(keywords, value, inside),
    (ownMember(keywords, 'unevaluatedProperties') ?? true) === true || names.length === 0 ? true : undefined,
  ])
}

function acceptsMember(
  keywords: JsonObject,
  name: string,
  member: Json,
  inside: (schema: Json, member: Json) => Answer,
): Answer {
  const own = ownMember(objectAt(keywords, 'properties'), name)
  const patterns = Object.entries(objectAt(keywords, 'patternProperties'))
  const matches = patterns.map(([pattern]) => runPattern(pattern, name))
  const answers = patterns.map(([, schema], index): Answer => {
    const matched = matches[index]
    return matched === false ? true : some([inside(schema, member), matched === undefined ? undefined : false])
  })
  if (own !== undefined) return every([inside(own, member), ...answers])
  const rest = ownMember(keywords, 'additionalProperties')
  const told = some(matches)
  if (rest !== undefined && told !== true)
    answers.push(some([inside(rest, member), told === undefined ? undefined : false]))
  return every(answers)
}

function dependencies(
  keywords: JsonObject,
  value: JsonObject,
  inside: (schema: Json, member: Json) => Answer,
): Answer[] {
  return ['dependentRequired', 'dependentSchemas', 'dependencies'].flatMap(keyword =>
    Object.entries(objectAt(keywords, keyword))
      .filter(([name]) => Object.hasOwn(value, name))
      .map(([, needs]) =>
        Array.isArray(needs) ? needs.every(name => Object.hasOwn(value, String(name))) : inside(needs, value),
      ),
  )
}
