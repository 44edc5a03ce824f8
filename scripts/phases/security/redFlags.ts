// Looks in what a server tells models of itself for text that steers them: instructions, secrecy, hidden text, other servers' tools.
import {isJsonObject} from '../../lib/mcp/jsonRpc.ts'
import type {ToolDefinition} from '../../lib/mcp/listTools.ts'
import {hiddenText, mixedScripts} from './hiddenText.ts'

export type FlagKind = 'override' | 'secrecy' | 'markup' | 'hidden' | 'mixed-script' | 'sensitive-file' | 'cross-tool'

export interface Flag {
  kind: FlagKind
  /** The tool, or `instructions` for those of the server. */
  of: string
  /** JSON pointer within the tool. */
  at: string
  /** The text around it, or what is hidden. */
  text: string
}

const patterns: [FlagKind, RegExp][] = [
  [
    'override',
    /\b(ignore|disregard|forget|override)\b[^.\n]{0,40}\b(previous|prior|earlier|above|all|other|your|system|user'?s?)\b[^.\n]{0,30}\b(instructions?|prompts?|rules|guidelines|messages?|directives?|request)\b/i,
  ],
  [
    'secrecy',
    /\b(do not|don'?t|never|without)\b[^.\n]{0,20}\b(tell|telling|mention|mentioning|inform|informing|reveal|revealing|show|showing|notify|notifying|alert)\b[^.\n]{0,30}\b(the )?users?\b/i,
  ],
  ['markup', /<\/?(important|system|secret|instructions?|assistant|hidden)>|<\|im_start\|>|\[\/?INST\]/i],
  [
    'sensitive-file',
    /~\/\.(ssh|aws|gnupg|cursor|config)\/|\bid_(rsa|ed25519)\b|\/etc\/(passwd|shadow)\b|\bmcp\.json\b|(?<![\w.])\.env\b/,
  ],
]

/** The tools of other servers by name, each with its server. */
export type OtherTools = ReadonlyMap<string, string>

/** Every flag in a tool's whole definition: a description within a schema is read by models as well. */
export function flagsOfTool(tool: ToolDefinition, others: OtherTools): Flag[] {
  return textsOf(tool).flatMap(({at, text}) => flagsIn(text, others).map(flag => ({...flag, of: tool.name, at})))
}

/** The same in the instructions of a server. */
export function flagsOfInstructions(text: string, others: OtherTools): Flag[] {
  return flagsIn(text, others).map(flag => ({...flag, of: 'instructions', at: ''}))
}

function flagsIn(text: string, others: OtherTools): Pick<Flag, 'kind' | 'text'>[] {
  const hidden = hiddenText(text)
  const read = [text, ...hidden.flatMap(({decoded}) => decoded ?? [])]
  return [
    ...hidden.map(one => ({kind: 'hidden' as const, text: one.text})),
    ...patterns.flatMap(([kind, pattern]) =>
      read.flatMap(one => around(one, pattern).map(found => ({kind, text: found}))),
    ),
    ...mixedScripts(text).map(word => ({kind: 'mixed-script' as const, text: `letters of two scripts in "${word}"`})),
    ...crossTools(text, others),
  ]
}

// A name that is an ordinary word would be found in any text, so only names that look like names count.
const distinct = /[_-]|[a-z][A-Z]/
const verb = /\b(call|use|using|invoke|run|execute|prefer|instead of|rather than)\b/i

function crossTools(text: string, others: OtherTools): Pick<Flag, 'kind' | 'text'>[] {
  const sentences = text.split(/(?<=[.!?])\s+|\n/).filter(sentence => verb.test(sentence))
  return sentences.flatMap(sentence => {
    const names = new Set(sentence.match(/[\w-]+/g) ?? [])
    const found = [...names].filter(name => distinct.test(name) && others.has(name))
    return found.map(name => ({
      kind: 'cross-tool' as const,
      text: `names ${name} of ${others.get(name)}: ${excerpt(sentence, sentence.indexOf(name), name.length)}`,
    }))
  })
}

function around(text: string, pattern: RegExp): string[] {
  const found = pattern.exec(text)
  return found === null ? [] : [excerpt(text, found.index, found[0].length)]
}

const beside = 60

function excerpt(text: string, from: number, length: number): string {
  const start = Math.max(0, from - beside)
  const end = Math.min(text.length, from + length + beside)
  return `${start > 0 ? '…' : ''}${text.slice(start, end).replace(/\s+/g, ' ')}${end < text.length ? '…' : ''}`
}

/** Every text of a definition with its JSON pointer, keys of schemas among them since they are names of arguments. */
function textsOf(value: unknown, at = ''): {at: string; text: string}[] {
  if (typeof value === 'string') return [{at, text: value}]
  if (Array.isArray(value)) return value.flatMap((item, index) => textsOf(item, `${at}/${index}`))
  if (!isJsonObject(value)) return []
  return Object.entries(value).flatMap(([key, item]) => {
    const below = `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
    return [...(/^[\x20-\x7e]*$/.test(key) ? [] : [{at: below, text: key}]), ...textsOf(item, below)]
  })
}
