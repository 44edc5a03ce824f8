// A measure that gives chosen numbers, and writes down in which order it was asked.
import type {Measure, Sample} from '../../bench/measure.ts'

export interface SampleMeasure {
  measure: Measure
  /** What happened, in order: opened, own, the title of a peer, closed. */
  happened: string[]
}

/** `own` and the lists of `peers` hold what is given each time; a thrown Error stands for a sample that fails. */
export function sampleMeasure(
  own: readonly (Sample | Error)[],
  peers: Record<string, readonly Sample[]> = {},
): SampleMeasure {
  const happened: string[] = []
  const next = (title: string, list: (Sample | Error)[]) => async () => {
    happened.push(title)
    const sample = list.shift()
    if (sample === undefined) throw new Error(`${title} was asked too often`)
    if (sample instanceof Error) throw sample
    return sample
  }
  const measure: Measure = {
    name: 'both',
    title: 'something',
    runs: 2,
    figures: [
      {name: 'speed', title: 'how fast', unit: 's', limit: {atMost: 1, timesPeer: 2}},
      {name: 'size', title: 'how big', unit: 'MB', limit: {atMost: 300}},
    ],
    open: async () => {
      happened.push('opened')
      return {
        sample: next('own', [...own]),
        peers: Object.entries(peers).map(([title, samples]) => ({title, sample: next(title, [...samples])})),
        [Symbol.asyncDispose]: async () => {
          happened.push('closed')
        },
      }
    },
  }
  return {measure, happened}
}
