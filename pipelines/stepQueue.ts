// The steps of a run in the order in which their turns come, the next few of them loaded ahead.
import {type EndedStep, type LoadedStep, type LoadStep, loadStep, type Turn} from './loadStep.ts'
import type {PipelineStep} from './pipelines.ts'

export interface StepQueue {
  /** Loads the first step, which need not wait for who will begin it. */
  loadFirst: () => void
  /** Begins that step; those before it in the order are given up. Begun again, it is loaded again. */
  begin: (one: PipelineStep, turn: Omit<Turn, 'waiting'>) => Promise<EndedStep>
  /** Ends all that wait. */
  close: () => void
  /** Ends them and the one that works, at once. */
  abandon: () => void
}

// The first steps are over sooner than the next is loaded. A long one is not, so what follows it would only be in its way.
const ahead = 3

function loadedBeside(one: PipelineStep, following: readonly PipelineStep[]): readonly PipelineStep[] {
  const first = [one, ...following].findIndex(({isLong}) => isLong)
  return following.slice(0, first < 0 ? ahead : Math.min(ahead, Math.max(first, 1)))
}

export function stepQueue(order: readonly PipelineStep[], rest: Omit<LoadStep, 'one'>): StepQueue {
  const loaded = new Map<PipelineStep, LoadedStep>()
  const working = new Set<LoadedStep>()
  const load = (one: PipelineStep) => {
    const step = loaded.get(one) ?? loadStep({one, ...rest})
    loaded.set(one, step)
    return step
  }
  const drop = (one: PipelineStep) => {
    loaded.get(one)?.drop()
    loaded.delete(one)
  }
  const close = () => {
    for (const one of [...loaded.keys()]) drop(one)
  }
  return {
    loadFirst: () => {
      for (const first of order.slice(0, 1)) load(first)
    },
    begin: (one, turn) => {
      const step = load(one)
      loaded.delete(one)
      const turnOf = order.indexOf(one)
      for (const passed of order.slice(0, Math.max(turnOf, 0))) drop(passed)
      // A step of no place in the order, which follows a failure, says nothing about who is next.
      if (turnOf >= 0) for (const next of loadedBeside(one, order.slice(turnOf + 1))) load(next)
      const waiting = () => [...loaded.values()].flatMap(({pid}) => (pid === undefined ? [] : [pid]))
      working.add(step)
      return step.begin({...turn, waiting}).finally(() => working.delete(step))
    },
    close,
    abandon: () => {
      close()
      for (const step of working) step.drop()
    },
  }
}
