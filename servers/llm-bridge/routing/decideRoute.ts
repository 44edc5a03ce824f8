// Decides which model of which provider serves a request, and which ones follow when that fails. Pure: views in, order out.
import type {BridgeConfig} from '../config/schema.ts'
import type {ProviderView} from '../providers/registry.ts'
import {type Candidate, findCandidates, type Rejected, type Wish} from './candidates.ts'
import {dollarText} from './cost.ts'

export type RouteWish = Wish & {
  /** `priority`: preferred model, then the task's default, then the provider's priority. `cheapest`: cost first. */
  strategy: 'priority' | 'cheapest'
  /** Whether a model that is not available now may be passed over, and others may follow. */
  allowFallback: boolean
}

export type Route = {
  chosen: Candidate
  /** Why `chosen`, for people. */
  reason: string
  /** What is tried after `chosen`, in this order. */
  fallbacks: Candidate[]
  /** Models of the right purpose that the limits rule out. */
  rejected: Rejected[]
}

/**
 * Throws ToolFault when nothing fits. A route is never above `maximumCost`, and can be to a model that is not available
 * now, when no other is: `chosen.model.available` says so.
 *
 * Embeddings stay with one model, because vectors of different models cannot be compared: only another provider of the
 * same model is a fallback for them.
 */
export function decideRoute(views: ProviderView[], wish: RouteWish, defaults: BridgeConfig['defaultModels']): Route {
  const {candidates, rejected} = findCandidates(views, wish)
  const preferredOrder = candidates.toSorted(byPreference(wish, defaults[wish.task]))
  const [first] = preferredOrder
  const eligible =
    wish.task === 'embedding' ? preferredOrder.filter(({model}) => model.name === first?.model.name) : preferredOrder
  const order = wish.allowFallback ? eligible.toSorted(availableFirst) : eligible.slice(0, 1)
  const [chosen, ...fallbacks] = order
  if (chosen === undefined || first === undefined) throw new Error('findCandidates returned no candidate')
  return {chosen, fallbacks, rejected, reason: reasonFor(chosen, first, wish, defaults[wish.task], rejected)}
}

function byPreference(wish: RouteWish, defaultModel: string | undefined) {
  const rank = ({model}: Candidate) =>
    model.name === wish.preferredModel ? 0 : wish.strategy === 'priority' && model.name === defaultModel ? 1 : 2
  return (one: Candidate, other: Candidate): number => {
    const byCost = one.cost - other.cost
    const byPriority = one.provider.priority - other.provider.priority
    const rest = wish.strategy === 'cheapest' ? byCost || byPriority : byPriority || byCost
    return rank(one) - rank(other) || rest
  }
}

function availableFirst(one: Candidate, other: Candidate): number {
  return Number(other.model.available) - Number(one.model.available)
}

function reasonFor(
  chosen: Candidate,
  first: Candidate,
  wish: RouteWish,
  defaultModel: string | undefined,
  rejected: Rejected[],
): string {
  const preferred = rejected.find(item => item.model === wish.preferredModel)
  const passedOver = [
    ...(preferred === undefined ? [] : [`preferred model ${preferred.model} ${preferred.reason}`]),
    ...(chosen === first
      ? []
      : [`${first.provider.name}/${first.model.name} is passed over: ${first.model.unavailableReason}`]),
  ]
  const why = [whyChosen(chosen, wish, defaultModel), ...passedOver].join('; ')
  return chosen.model.available ? why : `${why}; not available now: ${chosen.model.unavailableReason}`
}

function whyChosen({model}: Candidate, wish: RouteWish, defaultModel: string | undefined): string {
  if (model.name === wish.preferredModel) return model.available ? 'Preferred model available' : 'Preferred model'
  if (wish.strategy === 'cheapest')
    return wish.maximumCost === undefined ? 'Cheapest model' : `Cheapest model within ${dollarText(wish.maximumCost)}`
  if (model.name === defaultModel) return `Default model for ${wish.task}`
  return 'Next model by provider priority'
}
