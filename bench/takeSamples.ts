// Takes the samples of one measure and of its peers in turn, so that whatever slows the machine slows both.
import type {Measure, Sample} from './measure.ts'

export interface Samples {
  own: Sample[]
  peers: {title: string; samples: Sample[]}[]
  /** Peers that could not be measured, and why. */
  absent?: readonly string[]
}

/** A B A B …, `runs` of each. Rejects with what a sample or `signal` was ended by; the measure is closed in any case. */
export async function takeSamples(
  measure: Measure,
  runs: number,
  signal: AbortSignal,
  onSample: (title: string, sample: Sample) => void = () => undefined,
): Promise<Samples> {
  await using opened = await measure.open(signal)
  const own: Sample[] = []
  const peers = (opened.peers ?? []).map(({title}) => ({title, samples: [] as Sample[]}))
  for (let run = 0; run < runs; run++) {
    signal.throwIfAborted()
    own.push(await opened.sample())
    onSample(measure.name, own.at(-1) ?? {})
    for (const [index, {title, sample}] of (opened.peers ?? []).entries()) {
      signal.throwIfAborted()
      const seen = await sample()
      peers[index]?.samples.push(seen)
      onSample(title, seen)
    }
  }
  return opened.absent === undefined ? {own, peers} : {own, peers, absent: opened.absent}
}
