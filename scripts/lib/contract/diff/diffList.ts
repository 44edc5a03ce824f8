// Compares two lists by the names of their items: what is gone, what is new, what changed, and what was likely renamed.
import {canonicalText} from '../schema/canonicalText.ts'
import {equalAsSets} from '../schema/equalJson.ts'
import {isObject} from '../schema/ownMember.ts'
import type {Difference, Json, JsonObject, ListKind} from '../surface.ts'
import {pointerTo, quoted} from './pointer.ts'

export interface ListRules {
  list: ListKind
  /** The member that items are known by. */
  key: 'name' | 'uri' | 'uriTemplate'
  /** As in `tool`. */
  noun: string
  /** What a client did with an item that is gone. */
  lost: string
  compare(name: string, before: JsonObject, after: JsonObject): Difference[]
  /** Whether the new item of another name takes the old one's place without breaking anybody, and why. */
  replaces?(before: string, after: string): string | undefined
}

/** In the order of the names. Items without a name, and names that come twice, are never called compatible. */
export function diffList(before: readonly Json[], after: readonly Json[], rules: ListRules): Difference[] {
  const {list, key, noun} = rules
  const [old, now] = [byName(before, key), byName(after, key)]
  const gone = [...old.keys()].filter(name => !now.has(name))
  const added = [...now.keys()].filter(name => !old.has(name))
  const renamed = likelyRenames(
    gone,
    added,
    name => old.get(name)?.[0] ?? {},
    name => now.get(name)?.[0] ?? {},
    key,
  )
  const nameless = [before, after].map(items => items.filter(item => nameOf(item, key) === undefined))
  const names = [...new Set([...old.keys(), ...now.keys()])].sort()
  return [...names.flatMap(one), ...namelessItems(nameless[0] ?? [], nameless[1] ?? [])]

  function one(name: string): Difference[] {
    const pointer = pointerTo(list, name)
    const [was, is] = [old.get(name) ?? [], now.get(name) ?? []]
    if (was.length > 1 || is.length > 1) return twice(name, pointer, was, is)
    const [earlier, later] = [was[0], is[0]]
    if (earlier !== undefined && later !== undefined) return rules.compare(name, earlier, later)
    if (earlier === undefined) {
      const reason = `A client of the old contract does not know this ${noun} and does without it.`
      return [{kind: 'compatible', pointer, what: `The ${noun} ${quoted(name)} is new.`, reason, after: later}]
    }
    const what = `The ${noun} ${quoted(name)} is gone.`
    const replaced = added.map(other => rules.replaces?.(name, other)).find(reason => reason !== undefined)
    if (replaced !== undefined) return [{kind: 'compatible', pointer, what, reason: replaced, before: earlier}]
    const hint = renamed.get(name)
    const maybe = hint === undefined ? '' : ` It was likely renamed to ${quoted(hint)}, which they do not know.`
    return [{kind: 'breaking', pointer, what, reason: `${rules.lost}${maybe}`, before: earlier}]
  }

  function twice(name: string, pointer: string, was: JsonObject[], is: JsonObject[]): Difference[] {
    if (equalAsSets(was, is)) return []
    const what = `The ${noun} ${quoted(name)} is listed ${was.length} times before and ${is.length} times after.`
    const reason = 'Which of several with one name a client means is for each client to choose.'
    return [{kind: 'unknown', pointer, what, reason, before: was, after: is}]
  }

  function namelessItems(was: Json[], is: Json[]): Difference[] {
    if (equalAsSets(was, is)) return []
    const what = `Items of ${list} that have no ${key} changed.`
    const reason = `Without a text as ${key}, which item became which cannot be told.`
    return [{kind: 'unknown', pointer: pointerTo(list), what, reason, before: was, after: is}]
  }
}

function nameOf(item: Json, key: string): string | undefined {
  const name = isObject(item) ? item[key] : undefined
  return typeof name === 'string' ? name : undefined
}

function byName(items: readonly Json[], key: string): Map<string, JsonObject[]> {
  const found = new Map<string, JsonObject[]>()
  for (const item of items) {
    const name = nameOf(item, key)
    if (name === undefined || !isObject(item)) continue
    found.set(name, [...(found.get(name) ?? []), item])
  }
  return found
}

/** A new item with the same spelling but for case and separators, or which says all that one that is gone said. */
function likelyRenames(
  gone: readonly string[],
  added: readonly string[],
  old: (name: string) => JsonObject,
  now: (name: string) => JsonObject,
  key: string,
): Map<string, string> {
  const marks = (name: string, item: JsonObject) => {
    const {[key]: _key, title: _title, ...rest} = item
    const spelling = name.toLowerCase().replaceAll(/[-_./\s]/g, '')
    const said = Object.keys(rest).length > 0 ? canonicalText(rest) : undefined
    const told = typeof item.description === 'string' && item.description.length > 10 ? item.description : undefined
    return [`spelt ${spelling}`, ...(said === undefined ? [] : [`says ${said}`]), ...(told ? [`told ${told}`] : [])]
  }
  const known = new Map(added.flatMap(name => marks(name, now(name)).map(mark => [mark, name] as const)))
  const pairs = gone.flatMap(name => {
    const mark = marks(name, old(name)).find(text => known.has(text))
    const to = mark === undefined ? undefined : known.get(mark)
    return to === undefined ? [] : [[name, to] as const]
  })
  return new Map(pairs)
}
