// Asks the chosen provider, and the following ones when it fails, until one answers.
import {BreakerOpen} from '../providers/breaker.ts'
import {countsAgainstProvider} from '../providers/failure.ts'
import type {Provider} from '../providers/registry.ts'
import type {Candidate} from './candidates.ts'
import type {Route} from './decideRoute.ts'
import {ToolFault} from './toolFault.ts'

export type Attempt = {
  provider: string
  model: string
  outcome: 'answered' | 'failed' | 'skipped'
  /** Why it failed or was skipped; null when it answered. */
  reason: string | null
  durationMs: number
}

export type Outcome<Answer> = {candidate: Candidate; answer: Answer; attempts: Attempt[]}

export type RunOptions<Answer> = {
  providers: Provider[]
  work: (provider: Provider, candidate: Candidate) => Promise<Answer>
  /** Aborted when the caller gave up or the bridge stops: no further provider is asked. */
  signal: AbortSignal
  redact: (text: string) => string
}

/** The first answer. Throws ToolFault with every attempt's reason when there is none, and `signal.reason` when aborted. */
export async function runRoute<Answer>(route: Route, options: RunOptions<Answer>): Promise<Outcome<Answer>> {
  const attempts: Attempt[] = []
  const failed = new Set<Provider>()
  for (const candidate of [route.chosen, ...route.fallbacks]) {
    const provider = options.providers.find(item => item.config.name === candidate.provider.name)
    if (provider === undefined) throw new Error(`no provider ${candidate.provider.name}`)
    const startedAtMs = Date.now()
    const note = (outcome: Attempt['outcome'], reason: string | null) =>
      void attempts.push({
        provider: candidate.provider.name,
        model: candidate.model.name,
        outcome,
        reason,
        durationMs: Date.now() - startedAtMs,
      })
    // A conversation never goes to a provider without its key, and not twice to one that just failed.
    const passedOver = provider.unusable ?? (failed.has(provider) ? 'this provider failed a moment ago' : undefined)
    if (passedOver !== undefined) {
      note('skipped', passedOver)
      continue
    }
    try {
      options.signal.throwIfAborted()
      const answer = await provider.breaker.run(() => options.work(provider, candidate))
      note('answered', null)
      return {candidate, answer, attempts}
    } catch (error) {
      if (options.signal.aborted) throw options.signal.reason
      const reason = options.redact(error instanceof Error ? error.message : String(error))
      if (countsAgainstProvider(error) || error instanceof BreakerOpen) failed.add(provider)
      note(error instanceof BreakerOpen ? 'skipped' : 'failed', reason)
    }
  }
  const reasons = attempts.map(({provider, model, outcome, reason}) => `${provider}/${model} ${outcome}: ${reason}`)
  throw new ToolFault(`No provider answered. ${reasons.join('; ')}.`)
}
