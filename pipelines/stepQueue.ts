// The steps of a run in the order in which their turns come, the next few of them loaded ahead.
import {type EndedStep, type LoadedStep, type LoadStep, loadStep, type Turn} from './loadStep.ts'
import type {PipelineStep} from './pipelines.ts'

export interface StepQueue {
  /** Loads the first step, which need not wait for who will begin it. */
  loadFirst: () => void
  /** Begins that step; those before it in the order are given up. Begun once more, it is loaded anew. */
  begin: (one: PipelineStep, turn: Omit<Turn, 'waiting'>) => Promise<EndedStep>
  /** Ends all that wait. */
  close: () => void
}

// Some steps are over sooner than the next is loaded.
const ahead = (one: PipelineStep) => (one.isLong ? 1 : 2)

export function stepQueue(order: readonly PipelineStep[], rest: Omit<LoadStep, 'one'>): StepQueue {
  const loaded = new Map<PipelineStep, LoadedStep>()
  const load = (one: PipelineStep) => {
    const step = loaded.get(one) ?? loadStep({one, ...rest})
    loaded.set(one, step)
    return step
  }
  const drop = (one: PipelineStep) => {
    loaded.get(one)?.drop()
    loaded.delete(one)
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
      if (turnOf >= 0) for (const next of order.slice(turnOf + 1, turnOf + 1 + ahead(one))) load(next)
      const waiting = () => [...loaded.values()].flatMap(({pid}) => (pid === undefined ? [] : [pid]))
      return step.begin({...turn, waiting})
    },
    close: () => {
      for (const one of [...loaded.keys()]) drop(one)
    },
  }
}
