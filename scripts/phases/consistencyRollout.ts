// For how long a change of live served two contracts of one server at the same time.
import type {OnRecord} from './contractSeen.ts'
import type {Check} from './phase.ts'

export interface RolloutSeen {
  rehearsal: boolean
  /** When the new copy began to take new traffic in this run; absent where the run changed nothing. */
  switchedAt: string | undefined
  seenAt: string
  cutover: 'blue-green' | 'recreate'
  drainSeconds: number
  /** How the contract on record of the earlier release stands to the observed one. */
  earlier: OnRecord['state']
}

/** No fault by itself: the phase `stale` judges what clients of the old one meet. It is measured so that somebody knows. */
export function judgeRollout({rehearsal, switchedAt, seenAt, cutover, drainSeconds, earlier}: RolloutSeen): Check {
  const name = 'rollout'
  if (rehearsal) return {name, verdict: 'skip', detail: 'a rehearsal serves no clients of an earlier release'}
  if (switchedAt === undefined) return {name, verdict: 'skip', detail: 'this run did not change it'}
  if (earlier === 'none' || earlier === 'fault')
    return {name, verdict: 'skip', detail: 'no contract of an earlier release is on record to compare with'}
  if (earlier === 'same') return {name, verdict: 'pass', detail: 'the change served one contract throughout'}
  if (cutover === 'recreate')
    return {
      name,
      verdict: 'pass',
      detail: 'the old copy ended before the new one began, so two contracts were never served at once',
      value: 0,
      unit: 's',
    }
  const seconds = Math.max(0, Math.round((Date.parse(seenAt) - Date.parse(switchedAt)) / 100) / 10)
  return {
    name,
    verdict: 'pass',
    detail: `two contracts are served at once since ${switchedAt}, ${seconds} s: sessions that began before keep the old one until they end, at most ${drainSeconds} s after the release is found good`,
    value: seconds,
    unit: 's',
  }
}
