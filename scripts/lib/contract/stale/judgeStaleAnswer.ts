// What the answer to a call of the old contract means for the client that made it.
import type {JsonObject} from '../../mcp/jsonRpc.ts'
import type {Outcome} from '../../mcp/outcome.ts'

/**
 * `works`: it got what it knows. `recoverable`: it was told that the call is not possible any more, in a way on which
 * clients list the tools again or tell the model. `unjudged`: nothing can be concluded. `unrecoverable`: all else.
 */
export type StaleVerdict = 'works' | 'recoverable' | 'unjudged' | 'unrecoverable'

/** Unknown method, invalid parameters or unknown tool, and headers that do not fit the body (SEP-2243). */
const recoverableCodes = new Set([-32601, -32602, -32020])

/** `differs`: the new contract treats the tool otherwise, so that a deadline means a hang. Pure. */
export function judgeStaleAnswer(
  outcome: Outcome,
  {differs}: {differs: boolean},
): {verdict: StaleVerdict; why: string} {
  const {kind, summary, error} = outcome
  const say = (verdict: StaleVerdict, why = summary) => ({verdict, why})
  if (kind === 'input-required') return say('works')
  if (kind === 'result') {
    return Array.isArray(outcome.result?.content)
      ? say('works')
      : say('unrecoverable', `${summary}, with a result that has no content`)
  }
  if (kind === 'tool-error')
    return saysSomething(outcome.result)
      ? say('recoverable')
      : say('unrecoverable', `${summary}, without a word on why`)
  if (kind === 'rpc-error') return say(recoverableCodes.has(error?.code ?? 0) ? 'recoverable' : 'unrecoverable')
  if (kind === 'deadline' && !differs)
    return say('unjudged', `${summary}; the tool does not differ and may just be slow`)
  // Its old outputSchema cannot be compiled, so nobody could hold a result against it.
  if (kind === 'schema-broken') return say('unjudged')
  return say('unrecoverable')
}

function saysSomething(result: JsonObject | undefined): boolean {
  const content = Array.isArray(result?.content) ? result.content : []
  return content.some(item => typeof item?.text === 'string' && item.text.trim() !== '')
}
