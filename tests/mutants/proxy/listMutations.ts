// Mutations of what a server tells of itself: its lists, its opening, and any other result.
import {type Asked, type Json, type Mutation, paramsOf} from './mutation.ts'
import {changedAt} from './pointer.ts'

export type Make = (options: Json) => Mutation

/** The key under which a list method answers: `tools/list` gives `tools`. */
const keyOf = (method: string) => (method === 'resources/templates/list' ? 'resourceTemplates' : method.split('/')[0])

type Item = Json & {name?: string}

const list = (change: (items: Item[], options: Json, asked: Asked) => Item[]): Make => {
  return options => {
    const method = String(options.list ?? 'tools/list')
    return {
      tell: (message, asked) => {
        if (asked.message?.method !== method || message.result === undefined) return message
        return changedAt(message, `/result/${keyOf(method)}`, items =>
          change((items ?? []) as Item[], options, asked),
        ) as Json
      },
    }
  }
}

const isNamed = (options: Json) => (item: Item) => item.name === options.name

/** Calls of `name` reach the tool `as`, where one is told. */
function calledAs(name: unknown, as: unknown): Mutation['around'] {
  return async (asked, next) => {
    if (as !== undefined && asked.message?.method === 'tools/call' && paramsOf(asked.message).name === name) {
      asked.body = Buffer.from(JSON.stringify(changedAt(asked.message, '/params/name', () => as)))
      // A header that contradicts the body goes on contradicting it.
      if (asked.headers['mcp-name'] === name) asked.headers['mcp-name'] = String(as)
    }
    return next()
  }
}

export const listMutations: Record<string, Make> = {
  drop: list((items, options) => items.filter(item => !isNamed(options)(item))),
  add: options => ({
    ...list(items => [...items, options.item as Item])(options),
    around: calledAs((options.item as Item).name, options.as),
  }),
  'add-first': options => ({
    ...list(items => [options.item as Item, ...items])(options),
    around: calledAs((options.item as Item).name, options.as),
  }),
  reverse: list(items => items.toReversed()),
  double: list(items => items.flatMap((item, index) => (index === 0 ? [item, item] : [item]))),

  /** Sets `value` at `pointer` in the item of that name, or takes it away where there is no value. */
  patch: list((items, options) =>
    items.map(item =>
      isNamed(options)(item) ? (changedAt(item, String(options.pointer), () => options.value) as Item) : item,
    ),
  ),

  /** The item has another name, and calls of that name reach the tool. */
  rename: options => ({
    ...list(items => items.map(item => (isNamed(options)(item) ? {...item, name: String(options.to)} : item)))(options),
    around: calledAs(options.to, options.name),
  }),

  /** A name that was never heard before each time. */
  grow: options => {
    let listed = 0
    return list(items => {
      listed += 1
      return [...items, {...(options.item as Item), name: `${(options.item as Item).name}-${listed}`}]
    })(options)
  },

  /** One that each connection, or session, sees under another name. */
  'of-connection': list((items, options, {connection}) => [
    ...items,
    {...(options.item as Item), name: `${(options.item as Item).name}-${connection}`},
  ]),

  /** Each connection, or session, sees the list begin with another item. */
  'rotate-of-connection': list((items, _, {connection}) => {
    const first = connection % Math.max(items.length, 1)
    return [...items.slice(first), ...items.slice(0, first)]
  }),

  /** Sets `value` at `pointer` in every result that `when` lets through. */
  result: options => ({
    tell: message =>
      message.result === undefined
        ? message
        : (changedAt(message, `/result${options.pointer}`, () => options.value) as Json),
  }),

  /** Replaces one text by another, wherever it stands in a result. */
  text: options => ({
    tell: message =>
      message.result === undefined
        ? message
        : JSON.parse(JSON.stringify(message).replaceAll(String(options.from), String(options.to))),
  }),
}
