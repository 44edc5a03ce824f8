// Which models could serve a request at all, what each would cost, and why the others could not.
import {type Purpose, purposeOf, type TaskName} from '../config/schema.ts'
import type {ModelView, ProviderView} from '../providers/registry.ts'
import {costOf, dollarText, type Tokens} from './cost.ts'
import {ToolFault} from './toolFault.ts'

export type Candidate = {provider: ProviderView; model: ModelView; cost: number}
export type Rejected = {provider: string; model: string; reason: string}

export type Wish = {
  task: TaskName
  preferredModel?: string | undefined
  providerName?: string | undefined
  /** US dollars, already the lower of the caller's and the configuration's; undefined is no limit. */
  maximumCost?: number | undefined
  tokens: Tokens
}

/** Throws ToolFault for a provider or model that nobody knows, and when the limits leave no model. */
export function findCandidates(views: ProviderView[], wish: Wish): {candidates: Candidate[]; rejected: Rejected[]} {
  const purpose = purposeOf(wish.task)
  const providers = providersNamed(views, wish.providerName)
  if (wish.preferredModel !== undefined) requireModel(providers, wish.preferredModel, purpose, wish.task)
  const all = providers.flatMap(provider =>
    provider.models
      .filter(model => model.purpose === purpose)
      // An embedding has no output, whatever a caller asked to assume.
      .map(model => ({provider, model, cost: costOf(model, billed(wish.tokens, purpose))})),
  )
  if (all.length === 0)
    throw new ToolFault(`No model for ${wish.task}: ${namesOf(providers)} have none for ${purpose}.`)
  const judged = all.map(candidate => ({candidate, reason: rejection(candidate, wish)}))
  const candidates = judged.filter(item => item.reason === null).map(item => item.candidate)
  const rejected = judged.flatMap(({candidate: {provider, model}, reason}) =>
    reason === null ? [] : [{provider: provider.name, model: model.name, reason}],
  )
  if (candidates.length === 0) {
    const reasons = rejected.map(item => `${item.provider}/${item.model} ${item.reason}`).join('; ')
    throw new ToolFault(`No model for ${wish.task} within the limits: ${reasons}.`)
  }
  return {candidates, rejected}
}

/** The providers to look at: all, or the one named. Throws ToolFault that lists the known ones. */
export function providersNamed(views: ProviderView[], name: string | undefined): ProviderView[] {
  const found = name === undefined ? views : views.filter(view => view.name === name)
  if (found.length === 0) throw new ToolFault(`Unknown provider "${name}". Known providers: ${namesOf(views)}.`)
  return found
}

/** Throws ToolFault that lists the known models when none of `providers` has `name` (for `purpose`, where it is given). */
export function requireModel(providers: ProviderView[], name: string, purpose?: Purpose, task?: TaskName): void {
  const models = providers.flatMap(provider => provider.models)
  const named = models.filter(model => model.name === name)
  const fitting = models.filter(model => purpose === undefined || model.purpose === purpose)
  const known = [...new Set(fitting.map(model => model.name))].join(', ') || 'none'
  if (named.length === 0) throw new ToolFault(`Unknown model "${name}". Known models: ${known}.`)
  if (named.every(model => !fitting.includes(model)))
    throw new ToolFault(`Model "${name}" is for ${named[0]?.purpose}; ${task} needs one for ${purpose}: ${known}.`)
}

function billed(tokens: Tokens, purpose: Purpose): Tokens {
  return purpose === 'embedding' ? {input: tokens.input, output: 0} : tokens
}

function rejection({model, cost}: Candidate, {maximumCost, tokens}: Wish): string | null {
  if (maximumCost !== undefined && cost > maximumCost)
    return `would cost ${dollarText(cost)}, over the maximum of ${dollarText(maximumCost)}`
  const needed = billed(tokens, model.purpose)
  if (model.contextTokens !== undefined && needed.input + needed.output > model.contextTokens)
    return `holds ${model.contextTokens} tokens, and ${needed.input + needed.output} are needed`
  return null
}

function namesOf(views: ProviderView[]): string {
  return views.map(view => view.name).join(', ')
}
