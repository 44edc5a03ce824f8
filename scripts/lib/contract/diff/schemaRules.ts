// Judges the changes of a schema that no value can show: words, defaults, headers, and keywords of others.
import type {SchemaChange} from '../schema/changesOf.ts'
import type {Difference} from '../surface.ts'
import {quoted} from './pointer.ts'

type Verdict = Pick<Difference, 'kind' | 'reason' | 'steers'>

export function schemaRules({nature, path, before, after}: SchemaChange, direction: 'input' | 'output'): Verdict {
  if (nature === 'words')
    return {kind: 'compatible', steers: true, reason: 'No value is good or bad by it, but models read it.'}
  if (nature === 'default') return defaultRule(before === undefined, direction)
  if (nature === 'header' && direction === 'input') return headerRule(after === undefined)
  const keyword = quoted(path.at(-1) ?? '')
  return {
    kind: 'unknown',
    reason: `JSON Schema checks nothing by ${keyword}, and whether this server or its clients do is not known.`,
  }
}

function defaultRule(isNew: boolean, direction: 'input' | 'output'): Verdict {
  if (isNew)
    return {
      kind: 'compatible',
      steers: true,
      reason: 'What is left out stays allowed; the schema now says what it means.',
    }
  const reason =
    direction === 'input'
      ? 'Calls that leave it out stay good but may do something else now, which a schema cannot tell.'
      : 'A client that fills in what is left out fills in something else now, or nothing.'
  return {kind: 'unknown', reason}
}

/** MCP 2026-07-28, "Schema Extension": a server refuses a call that lacks the header. */
function headerRule(isGone: boolean): Verdict {
  return isGone
    ? {kind: 'compatible', reason: 'A client of the old contract sends a header that nobody reads any more.'}
    : {
        kind: 'breaking',
        reason:
          'A client of the old contract does not send this header with the argument, so the server must refuse it.',
      }
}
