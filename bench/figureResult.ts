// Turns the samples of a figure into its result: median, spread, ratio to the peers, and whether the limit holds.
import {type Bound, boundOf, holds} from './limit.ts'
import type {Figure, Measure} from './measure.ts'
import {median} from './median.ts'
import type {Samples} from './takeSamples.ts'

/** All numbers are in the figure's unit. */
export interface Spread {
  samples: number[]
  median: number
  min: number
  max: number
}

export interface PeerResult extends Spread {
  title: string
  /** Median over the runs of ours divided by the peer's of the same run; absent where that divides by nothing. */
  ratio?: number
}

export interface FigureHead {
  name: string
  measure: string
  title: string
  unit: string
}

export interface MeasuredFigure extends FigureHead, Spread {
  /** Absent where nothing is promised. */
  limit?: Bound
  ok: boolean
  peers: PeerResult[]
  /** Peers that could not be measured here, and why. */
  absent?: string[]
}

/** A figure that could not be measured, and why. */
export interface UnmeasuredFigure extends FigureHead {
  ok: false
  fault: string
}

export type FigureResult = MeasuredFigure | UnmeasuredFigure

/** One result for each figure, in the measure's order. */
export function measured(measure: Measure, samples: Samples): MeasuredFigure[] {
  return measure.figures.map(figure => {
    const own = numbersOf(figure, samples.own)
    const peers = samples.peers.flatMap(({title, samples}) => {
      const numbers = samples.flatMap(sample => sample[figure.name] ?? [])
      // A peer that gives no such number is none of this figure.
      return numbers.length === 0 ? [] : [{title, ...spread(numbers), ...ratio(own, numbers)}]
    })
    const limit = figure.limit && boundOf(figure.limit, peers[0]?.median)
    const numbers = spread(own)
    return {
      ...headOf(measure, figure),
      ...numbers,
      ...(limit && {limit: {...limit, value: rounded(limit.value)}}),
      ok: limit === undefined || holds(limit, numbers.median),
      peers,
      ...(samples.absent === undefined ? {} : {absent: [...samples.absent]}),
    }
  })
}

export function unmeasured(measure: Measure, fault: string): UnmeasuredFigure[] {
  return measure.figures.map(figure => ({...headOf(measure, figure), ok: false, fault}))
}

function headOf(measure: Measure, {name, title, unit}: Figure): FigureHead {
  return {name, measure: measure.name, title, unit}
}

function numbersOf({name}: Figure, samples: Samples['own']): number[] {
  return samples.map(sample => {
    const number = sample[name]
    if (number === undefined) throw new Error(`a sample should have the figure ${name}, got ${JSON.stringify(sample)}`)
    return number
  })
}

function spread(numbers: readonly number[]): Spread {
  return {
    samples: numbers.map(rounded),
    median: rounded(median(numbers)),
    min: rounded(Math.min(...numbers)),
    max: rounded(Math.max(...numbers)),
  }
}

// By pairs, since the two of a pair met the same machine.
function ratio(own: readonly number[], peer: readonly number[]): {ratio?: number} {
  const found = median(peer.map((number, index) => (own[index] ?? Number.NaN) / number))
  return Number.isFinite(found) ? {ratio: rounded(found)} : {}
}

function rounded(number: number): number {
  return Math.round(number * 1000) / 1000
}
