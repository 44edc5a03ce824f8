// Lists the places where two schemas are not written alike, each with what kind of place it is.
import type {Json, JsonObject} from '../surface.ts'
import {equalAsSets, equalJson} from './equalJson.ts'
import {isObject, ownMember} from './ownMember.ts'

/** `constraint` decides which values are good; `words` are read by people and models; `foreign` is known to neither. */
export type Nature = 'constraint' | 'words' | 'default' | 'header' | 'foreign'

export interface SchemaChange {
  path: readonly string[]
  nature: Nature
  before?: Json
  after?: Json
}

const maps = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas', 'dependencies']
const lists = ['allOf', 'anyOf', 'oneOf', 'prefixItems', 'items']
const sets = ['required', 'enum', 'type', 'allOf', 'anyOf', 'oneOf']
const singles = [
  ...['items', 'additionalItems', 'additionalProperties', 'not', 'if', 'then', 'else', 'contains', 'propertyNames'],
  ...['unevaluatedItems', 'unevaluatedProperties'],
]
const others = [
  ...['type', 'const', 'enum', 'multipleOf', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'pattern'],
  ...['minLength', 'maxLength', 'minItems', 'maxItems', 'uniqueItems', 'minContains', 'maxContains', 'required'],
  ...['minProperties', 'maxProperties', 'dependentRequired', 'format', '$ref', '$dynamicRef', '$recursiveRef'],
  ...['$schema', '$id', '$anchor', '$dynamicAnchor', '$vocabulary'],
]
const constraints = new Set([...maps, ...lists, ...singles, ...others])
const words = new Set(['title', 'description', '$comment', 'examples', 'deprecated'])
const deepest = 60

/** In the order of the paths. Orders that mean nothing, as that of `required`, are no change. */
export function changesOf(before: Json, after: Json): SchemaChange[] {
  const changes: SchemaChange[] = []
  const work: [path: string[], before: Json, after: Json][] = [[[], before, after]]
  for (let item = work.pop(); item !== undefined; item = work.pop()) {
    const [path, one, other] = item
    if (equalJson(one, other)) continue
    if (!isObject(one) || !isObject(other) || path.length > deepest)
      changes.push({path, nature: 'constraint', before: one, after: other})
    else
      for (const keyword of [...new Set([...Object.keys(one), ...Object.keys(other)])])
        keywordChanges([...path, keyword], keyword, one, other)
  }
  return changes.sort((one, other) => (one.path.join('/') < other.path.join('/') ? -1 : 1))

  function keywordChanges(path: string[], keyword: string, one: JsonObject, other: JsonObject): void {
    const [was, is] = [ownMember(one, keyword), ownMember(other, keyword)]
    if (equalJson(was, is)) return
    if (was === undefined || is === undefined) {
      if (maps.includes(keyword)) mapChanges(path, was ?? {}, is ?? {})
      else changes.push({path, nature: natureOf(keyword), before: was, after: is})
    } else if (sets.includes(keyword) && equalAsSets([was].flat(), [is].flat())) return
    else if (maps.includes(keyword)) mapChanges(path, was, is)
    else if (lists.includes(keyword) && Array.isArray(was) && Array.isArray(is) && inPlace(was, is))
      for (const [index, item] of was.entries()) work.push([[...path, String(index)], item, is[index] ?? null])
    else if (singles.includes(keyword) && isObject(was) && isObject(is)) work.push([path, was, is])
    else changes.push({path, nature: natureOf(keyword), before: was, after: is})
  }

  function mapChanges(path: string[], was: Json, is: Json): void {
    if (!isObject(was) || !isObject(is)) {
      changes.push({path, nature: 'constraint', before: was, after: is})
      return
    }
    for (const name of new Set([...Object.keys(was), ...Object.keys(is)])) {
      const [one, other] = [ownMember(was, name), ownMember(is, name)]
      if (one !== undefined && other !== undefined) work.push([[...path, name], one, other])
      else changes.push({path: [...path, name], nature: 'constraint', before: one, after: other})
    }
  }
}

function natureOf(keyword: string): Nature {
  if (keyword === 'default') return 'default'
  if (keyword === 'x-mcp-header') return 'header'
  if (words.has(keyword)) return 'words'
  return constraints.has(keyword) ? 'constraint' : 'foreign'
}

/** As many as before, and none merely moved. */
function inPlace(was: readonly Json[], is: readonly Json[]): boolean {
  if (was.length !== is.length) return false
  const changed = was.filter((item, index) => !equalJson(item, is[index]))
  const strange = was.filter(item => !is.some(other => equalJson(item, other)))
  return changed.length === strange.length
}
