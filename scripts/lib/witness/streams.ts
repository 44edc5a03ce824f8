// Standing streams that are open while the server changes: of legacy sessions, and of the modern era.
import {type KeptStream, keepStream, noStreams, type StreamSource} from './keepStream.ts'
import {type LegacySession, legacySession} from './legacySession.ts'
import {absentPopulation, type Population, type Surroundings} from './population.ts'
import {sessionsSeen} from './sessionsSeen.ts'
import {legacyStream, modernStream} from './streamSources.ts'

/** Opens up to `streams` streams in each era that the server speaks and offers them in. */
export async function streams(surroundings: Surroundings, {streams}: {streams: number}): Promise<Population> {
  const {target, moments, samples, signal, tools} = surroundings
  const counts = noStreams()
  const kept: KeptStream[] = []
  const sessions: LegacySession[] = []
  const refusals: string[] = []
  const onEvent = () => {
    counts.events += 1
  }

  // The first that is refused tells for all of its era.
  const openAll = async (era: string, makeSource: () => Promise<StreamSource>) => {
    for (let index = 0; index < streams; index += 1) {
      const source = await makeSource()
      const first = await source.open()
      if (!first.ok) {
        refusals.push(`${era}: ${first.detail}`)
        return
      }
      counts.opened += 1
      kept.push(keepStream({source, first, counts, moments, samples, signal, timeoutMs: target.timeoutMs}))
    }
  }
  if (tools.legacy !== undefined) {
    await openAll('GET', async () => {
      const session = legacySession(target)
      sessions.push(session)
      await session.open()
      return legacyStream(target, session, onEvent)
    })
  }
  if (tools.modern !== undefined)
    await openAll('subscriptions/listen', () => Promise.resolve(modernStream(target, onEvent)))

  const close = async () => {
    await Promise.all(sessions.map(session => session.close()))
  }
  const told = refusals.join('; ')
  if (kept.length === 0) {
    await close()
    return absentPopulation('skipped', `the server offers no stream (${told})`)
  }
  return {
    async finish() {
      await Promise.all(kept.map(stream => stream.close()))
    },
    close,
    seen: () => ({
      state: 'seen',
      note: told === '' ? undefined : `not offered: ${told}`,
      streams: structuredClone(counts),
      sessions: sessions.length > 0 ? sessionsSeen(sessions.map(session => session.fate())) : undefined,
    }),
  }
}
