// Decides what a JSON-RPC result means: an error of the tool, a request for input, or a result of the right form.
import {isJsonObject, type JsonObject} from './jsonRpc.ts'
import type {Outcome, OutcomeKind, Question} from './outcome.ts'
import {quote} from './quote.ts'

/** Makes an outcome of the exchange that is judged. */
export type MakeOutcome = (kind: OutcomeKind, told: string, more?: Partial<Outcome>) => Outcome

/** Judges one result against the form that MCP and the tool's own output schema require. Pure. */
export function judgeResult(result: unknown, question: Question, ms: number, outcome: MakeOutcome): Outcome {
  if (!isJsonObject(result))
    return outcome('bad-result', `the result is ${JSON.stringify(result)?.slice(0, 80)}, where an object is required`)
  if (result.resultType === 'input_required')
    return outcome('input-required', `the server asks for input after ${ms} ms`, {result})
  if (result.isError === true)
    return outcome('tool-error', `the tool reports an error after ${ms} ms${quote(firstText(result))}`, {result})
  const check = question.outputCheck
  if (check && !check.ok)
    return outcome('schema-broken', `the declared outputSchema cannot be used: ${check.reason}`, {result})
  if (check) {
    if (!('structuredContent' in result)) {
      return outcome('schema-mismatch', 'the tool declares an outputSchema but its result has no structuredContent', {
        result,
      })
    }
    const faults = check.faults(result.structuredContent)
    if (faults.length > 0) {
      return outcome(
        'schema-mismatch',
        `structuredContent does not satisfy the outputSchema: ${faults.slice(0, 3).join('; ')}${faults.length > 3 ? ` and ${faults.length - 3} more` : ''}`,
        {result},
      )
    }
  }
  return outcome('result', `answered after ${ms} ms`, {result})
}

function firstText(result: JsonObject): string {
  const content = Array.isArray(result.content) ? result.content : []
  const text = content.find(item => isJsonObject(item) && item.type === 'text')?.text
  return typeof text === 'string' ? text : ''
}
